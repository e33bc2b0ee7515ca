import { addMessage } from './add-message.ts';
import { cancelTurn } from './cancel-turn.ts';
import { createThread } from './create-thread.ts';
import { getGoogleAdsCustomer } from './get-google-ads-customer.ts';
import { getGoogleBusinessLocation } from './get-google-business-location.ts';
import { getThread } from './get-thread.ts';
import { getTurn } from './get-turn.ts';
import { getUsage } from './get-usage.ts';
import { listGoogleAdsCustomers } from './list-google-ads-customers.ts';
import { listGoogleBusinessLocations } from './list-google-business-locations.ts';
import { listMessages } from './list-messages.ts';
import { listThreads } from './list-threads.ts';
import { putGoogleAdsCustomer } from './put-google-ads-customer.ts';
import { putGoogleBusinessLocation } from './put-google-business-location.ts';
import { updateThread } from './update-thread.ts';

export const assistantChatEndpoints = [
  createThread,
  listThreads,
  getThread,
  updateThread,
  addMessage,
  listMessages,
  getTurn,
  cancelTurn,
  listGoogleAdsCustomers,
  getGoogleAdsCustomer,
  putGoogleAdsCustomer,
  listGoogleBusinessLocations,
  getGoogleBusinessLocation,
  putGoogleBusinessLocation,
  getUsage,
];
