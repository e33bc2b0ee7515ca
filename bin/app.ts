import { App } from 'aws-cdk-lib/core';
import { ParleyStack } from '../lib/parley-stack.ts';

new ParleyStack(new App(), 'Parley', {
  description: 'Threads and messages: four APIs over one conversation core',
});
