import { createThread } from './create-thread.ts';
import { getGoogleAdsCustomer } from './get-google-ads-customer.ts';
import { getGoogleBusinessLocation } from './get-google-business-location.ts';
import { listThreads } from './list-threads.ts';
import { putGoogleAdsCustomer } from './put-google-ads-customer.ts';
import { putGoogleBusinessLocation } from './put-google-business-location.ts';

export const assistantChatEndpoints = [
  createThread,
  listThreads,
  getGoogleAdsCustomer,
  putGoogleAdsCustomer,
  getGoogleBusinessLocation,
  putGoogleBusinessLocation,
];
