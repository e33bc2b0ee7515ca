import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { Fault } from '../command/fault.ts';
import { OUTPUTS, type OutputName } from '../stack-outputs.ts';
import { onAws } from './aws.ts';

/** A deployed stack, as its outputs describe it. */
export interface DeployedStack {
  readonly name: string;
  /** An output, by the name under which the stack has it. @throws Fault when this stack has none of it */
  output(name: OutputName): string;
}

/** Finds a stack in the caller's account and region. @throws Fault when there is none */
export function findStack(name: string): Promise<DeployedStack> {
  return onAws(async () => {
    const client = new CloudFormationClient();
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name })).catch(absent);
    const region = await client.config.region();
    const [stack] = Stacks ?? [];
    if (!stack)
      throw new Fault(
        `There is no stack ${name} in ${region}: npx cdk deploy, or set AWS_REGION to where it is`,
      );
    const { Outputs: outputs = [], StackStatus: status } = stack;
    return {
      name,
      output: (wanted) => {
        const value = outputs.find(({ OutputKey }) => OutputKey === wanted)?.OutputValue;
        if (!value)
          throw new Fault(`The stack ${name} (${status}) has no output ${wanted}: ${OUTPUTS[wanted]}`);
        return value;
      },
    };
  });
}

/** CloudFormation has no error of its own for a stack that is not there. */
function absent(error: unknown): { Stacks?: undefined } {
  if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist'))
    return {};
  throw error;
}
