/**
 * The custom attributes of the user pool, once: the stack makes them, the trigger reads them, the commands set them.
 * A list is a text, its items split by spaces, because Cognito's attributes are texts.
 */
export const USER_ATTRIBUTES = { brand: 'brand_id', companies: 'company_ids' } as const;
