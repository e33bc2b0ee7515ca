import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../../lib/local/listen.ts';
import { readText } from '../../lib/local/read-text.ts';

/** A user of the scripted pool. */
export interface PoolUser {
  readonly sub: string;
  readonly attributes: Map<string, string>;
  readonly groups: Set<string>;
  password: string | null;
}

interface Scripted {
  readonly stackName: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Makes the access token of a user who has signed in. */
  readonly signIn: (user: PoolUser) => Promise<string>;
}

type Input = Readonly<Record<string, unknown>> & { readonly Username: string; readonly GroupName: string };

const POOL_GROUPS = ['coach', 'admin'];

/** CloudFormation with one stack, and Cognito with its user pool, as far as commands use them, over real HTTP. */
export async function startScriptedAws({ stackName, outputs, signIn }: Scripted) {
  const users = new Map<string, PoolUser>();
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing));
  const { port, close } = await listen(server, 0);
  const url = `http://127.0.0.1:${port}`;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const text = await readText(incoming);
    const operation = String(incoming.headers['x-amz-target'] ?? '').split('.')[1];
    if (!operation) return describeStacks(new URLSearchParams(text), outgoing);
    try {
      const output = await cognito(operation, JSON.parse(text) as Input);
      outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(output));
    } catch (error) {
      const type = error instanceof Error ? error.message : 'InternalErrorException';
      outgoing
        .writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify({ __type: type, message: type }));
    }
  }

  function describeStacks(query: URLSearchParams, outgoing: ServerResponse): void {
    const name = query.get('StackName');
    const members = Object.entries(outputs).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    const isThere = name === stackName;
    outgoing.writeHead(isThere ? 200 : 400, { 'content-type': 'text/xml' });
    outgoing.end(
      isThere
        ? `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${name}</StackName>` +
            `<StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-22T00:00:00Z</CreationTime>` +
            `<Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`
        : '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>' +
            `<Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`,
    );
  }

  async function cognito(operation: string, input: Input): Promise<unknown> {
    const user = users.get(input.Username);
    if (operation === 'AdminCreateUser') {
      if (user) throw new Error('UsernameExistsException');
      users.set(input.Username, {
        sub: randomUUID(),
        attributes: new Map(),
        groups: new Set(),
        password: null,
      });
      return {};
    }
    if (operation === 'AdminInitiateAuth')
      return initiateAuth(input.AuthParameters as Record<string, string>);
    if (!user) throw new Error('UserNotFoundException');
    switch (operation) {
      case 'AdminUpdateUserAttributes':
        for (const { Name, Value } of input.UserAttributes as { Name: string; Value: string }[])
          if (Value === '') user.attributes.delete(Name);
          else user.attributes.set(Name, Value);
        return {};
      case 'AdminListGroupsForUser':
        return { Groups: [...user.groups].map((GroupName) => ({ GroupName })) };
      case 'AdminAddUserToGroup':
        if (!POOL_GROUPS.includes(input.GroupName)) throw new Error('ResourceNotFoundException');
        user.groups.add(input.GroupName);
        return {};
      case 'AdminRemoveUserFromGroup':
        user.groups.delete(input.GroupName);
        return {};
      case 'AdminSetUserPassword':
        if (input.Permanent !== true) throw new Error('InvalidParameterException');
        user.password = String(input.Password);
        return {};
      case 'AdminDeleteUser':
        users.delete(input.Username);
        return {};
      default:
        throw new Error('UnknownOperationException');
    }
  }

  async function initiateAuth({ USERNAME = '', PASSWORD }: Record<string, string>): Promise<unknown> {
    const user = users.get(USERNAME);
    if (!user?.password || user.password !== PASSWORD) throw new Error('NotAuthorizedException');
    return {
      AuthenticationResult: { AccessToken: await signIn(user), TokenType: 'Bearer', ExpiresIn: 3_600 },
    };
  }

  return {
    users,
    close,
    /** What makes AWS's clients come here. */
    environment: {
      AWS_ENDPOINT_URL_CLOUDFORMATION: url,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: url,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_REGION: 'us-east-1',
    },
  };
}
