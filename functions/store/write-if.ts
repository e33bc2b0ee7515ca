import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** Makes one write with a condition. @returns what it answered, or null where the condition did not hold */
export async function writeIf<Output extends object>(write: Promise<Output>): Promise<Output | null> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
}
