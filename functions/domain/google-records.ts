/** A Google Ads customer of a company, as the company's administrator stored it. */
export interface GoogleAdsCustomer {
  readonly id: number;
  readonly dateAdded: string;
  readonly dateUpdated: string;
  readonly profile: GoogleAdsCustomerProfile;
}

/** The part of a customer that a caller writes; wire names, because it is stored and given back as it came. */
export interface GoogleAdsCustomerProfile {
  readonly descriptive_name?: string;
  readonly currency_code?: string;
  readonly time_zone?: string;
  readonly status?: string;
  readonly manager?: boolean;
  readonly is_active?: boolean;
  readonly is_deleted?: boolean;
}

/** A Google Business location of a company. */
export interface GoogleBusinessLocation {
  readonly id: string;
  readonly profile: GoogleBusinessLocationProfile;
}

/** The part of a location that a caller writes; wire names, as above. */
export interface GoogleBusinessLocationProfile {
  readonly title?: string;
  readonly store_code?: string;
  readonly maps_uri?: string;
  readonly storefront_address?: {
    readonly region_code?: string;
    readonly language_code?: string;
    readonly postal_code?: string;
    readonly administrative_area?: string;
    readonly locality?: string;
    readonly sublocality?: string;
    readonly address_lines?: readonly string[];
  };
}
