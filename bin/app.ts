import { App } from 'aws-cdk-lib/core';
import { addChecks } from '../lib/checks.ts';
import { ParleyStack } from '../lib/parley-stack.ts';

const app = new App();
addChecks(app);
// A second stack in one account, to try something: `-c stackName=ParleyTry -c ephemeral=true`.
const name: unknown = app.node.tryGetContext('stackName');
new ParleyStack(app, typeof name === 'string' ? name : 'Parley', {
  description: 'Threads and messages: four APIs over one conversation core',
});
