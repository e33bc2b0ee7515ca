/** What a deployed stack tells, by the names under which commands and people find it. */
export const OUTPUTS = {
  Url: 'Where the API is',
  StreamUrl: 'Where answers are streamed: POST …/messages/stream',
  FollowUrl: 'Where streams are rejoined: GET …/stream',
  TableName: 'The table that holds everything',
  ModelKeySecret: 'The secret that takes the API key of the model',
  ToolSigningSecret: 'The secret from which keys for signing calls of tools are made',
  FailedTitles: 'The dead-letter queue of titles that failed twice',
  ClaimNames: 'Which claims of a token hold brand, roles and companies',
  UserPoolId: 'The users of this deployment',
  UserPoolClientId: 'The client by which they sign in',
} as const;

export type OutputName = keyof typeof OUTPUTS;
