import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** Makes one write with a condition. @returns whether the condition held; where it did not, nothing is written */
export async function writeIf(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
