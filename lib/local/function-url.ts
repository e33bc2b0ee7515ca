import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { StreamSink } from './response-stream.ts';

/**
 * What a client sees of a function that sends no status: aws/aws-lambda-nodejs-runtime-interface-client, issue 97. Where
 * nothing was sent at all, AWS was seen to say 200 without any header; here that is a 502, too. The words of its body
 * are not documented.
 */
const BAD_GATEWAY: APIGatewayProxyStructuredResultV2 = { statusCode: 502, body: 'Internal Server Error' };

/**
 * Sends what a function streams, as a Lambda function URL does. What fails after the status was sent is cut off.
 *
 * @param run runs the function
 * @returns what to answer where nothing was streamed; else null
 */
export async function streamInto(
  outgoing: ServerResponse,
  run: (sink: StreamSink) => Promise<void>,
): Promise<APIGatewayProxyStructuredResultV2 | null> {
  try {
    await run(sinkInto(outgoing));
  } catch (error) {
    if (outgoing.headersSent) throw error;
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return BAD_GATEWAY;
  }
  if (!outgoing.headersSent) return BAD_GATEWAY;
  outgoing.end();
  return null;
}

/** Streams into an answer. Who has left takes everything: the function is not told, as Lambda's are not. */
function sinkInto(outgoing: ServerResponse): StreamSink {
  return {
    begin: ({ statusCode, headers }) => {
      outgoing.writeHead(statusCode, headers).flushHeaders();
    },
    write: async (chunk) => {
      if (outgoing.destroyed || outgoing.write(chunk)) return;
      await Promise.race([once(outgoing, 'drain'), once(outgoing, 'close')]);
    },
  };
}
