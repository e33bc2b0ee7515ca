// Made from openapi.json by `npm run openapi`.
export interface Operations {
  /** Create an ask thread. */
  'POST /v1/ask/threads': {
    input: { headers?: { 'idempotency-key'?: string }; body: { member_user_id?: string; member_name: string; member_avatar_url?: string | null; body: string; assigned_to_user_id?: string | null; assigned_coach_name?: string | null; assigned_coach_avatar_url?: string | null; triage_status?: string } };
    output: { id: string; channel_type: string; preview: string; last_message_at: string; last_read_at: string | null; triage_status: string; assigned_to_user_id: string | null; coach: { id: string | null; name: string; avatar_url: string | null } | null; member_user_id: string; member_name: string; member_avatar_url: string | null; messages: ({ id: string; thread_id: string; author_user_id: string; author_role: string; author_name: string; author_avatar_url: string | null; body: string; created_at: string })[] };
    error: { message: string } | { error: string; message: string };
  };
  /** List ask threads of the authenticated member. */
  'GET /v1/ask/threads': {
    input: { query?: { member_user_id?: string; limit?: number; cursor?: string } };
    output: { data: ({ id: string; channel_type: string; preview: string; last_message_at: string; last_read_at: string | null; triage_status: string; assigned_to_user_id: string | null; coach: { id: string | null; name: string; avatar_url: string | null } | null })[]; next_cursor: string | null };
    error: { message: string } | { error: string; message: string };
  };
  /** Ask thread detail. */
  'GET /v1/ask/threads/{thread_id}': {
    input: { path: { thread_id: string } };
    output: { id: string; channel_type: string; preview: string; last_message_at: string; last_read_at: string | null; triage_status: string; assigned_to_user_id: string | null; coach: { id: string | null; name: string; avatar_url: string | null } | null; member_user_id: string; member_name: string; member_avatar_url: string | null; messages: ({ id: string; thread_id: string; author_user_id: string; author_role: string; author_name: string; author_avatar_url: string | null; body: string; created_at: string })[] };
    error: { message: string } | { error: string; message: string };
  };
  /** Reply in an ask thread. */
  'POST /v1/ask/threads/{thread_id}/replies': {
    input: { path: { thread_id: string }; headers?: { 'idempotency-key'?: string }; body: { author_user_id?: string; author_name: string; author_avatar_url?: string | null; body: string } };
    output: { thread_id: string; message: { id: string; thread_id: string; author_user_id: string; author_role: string; author_name: string; author_avatar_url: string | null; body: string; created_at: string } };
    error: { message: string } | { error: string; message: string };
  };
  /** Ask threads awaiting a coach reply past the SLA window. */
  'GET /v1/admin/ask/coach-sla-overdue': {
    input: { query?: { hours?: number; limit?: number; cursor?: string } };
    output: { data: ({ thread_id: string; brand_id: string; member_user_id: string; member_name: string; assigned_to_user_id: string; coach_name: string; last_message_at: string; hours_waiting: number })[]; next_cursor: string | null };
    error: { message: string } | { error: string; message: string };
  };
  /** Create a conversation. */
  'POST /v1/conversations': {
    input: { headers?: { 'idempotency-key'?: string }; body: { title?: string; effort?: "low" | "medium" | "high" | "xhigh" | "max" | null; model?: string } };
    output: { id: string; user_id: string; brand_id: string; started_at: string; last_active_at: string; model: string; title: string | null; effort: "low" | "medium" | "high" | "xhigh" | "max" | null; context: Record<string, unknown>; active_turn: { id: string; url: string } | null };
    error: { message: string } | { error: string; message: string };
  };
  /** List the caller's conversations. */
  'GET /v1/conversations': {
    input: { query?: { limit?: number; cursor?: string } };
    output: { total: number; conversations: ({ id: string; user_id: string; brand_id: string; started_at: string; last_active_at: string; model: string; title: string | null; effort: "low" | "medium" | "high" | "xhigh" | "max" | null; context: Record<string, unknown> })[]; next_cursor: string | null };
    error: { message: string } | { error: string; message: string };
  };
  /** Conversation. */
  'GET /v1/conversations/{id}': {
    input: { path: { id: string } };
    output: { id: string; user_id: string; brand_id: string; started_at: string; last_active_at: string; model: string; title: string | null; effort: "low" | "medium" | "high" | "xhigh" | "max" | null; context: Record<string, unknown>; active_turn: { id: string; url: string } | null };
    error: { message: string } | { error: string; message: string };
  };
  /** Edit a conversation. */
  'PATCH /v1/conversations/{id}': {
    input: { path: { id: string }; headers?: { 'if-match'?: string }; body: { title?: string | null; effort?: "low" | "medium" | "high" | "xhigh" | "max" | null; model?: string } };
    output: { id: string; user_id: string; brand_id: string; started_at: string; last_active_at: string; model: string; title: string | null; effort: "low" | "medium" | "high" | "xhigh" | "max" | null; context: Record<string, unknown>; active_turn: { id: string; url: string } | null };
    error: { message: string } | { error: string; message: string };
  };
  /** Append a message, optionally with a chat completion. */
  'POST /v1/conversations/{id}/messages': {
    input: { path: { id: string }; query?: { on_busy?: "reject" | "interrupt" }; headers?: { 'idempotency-key'?: string }; body: { role: "user" | "assistant" | "system" | "tool"; content: string; mode?: "append" | "chat-completion" } };
    output: { message: { id: string; conversation_id: string; role: "user" | "assistant" | "system" | "tool"; content: string; tool_calls: (unknown)[] | null; token_usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; metadata: Record<string, unknown>; created_at: string }; assistant_message: { id: string; conversation_id: string; role: "user" | "assistant" | "system" | "tool"; content: string; tool_calls: (unknown)[] | null; token_usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; metadata: Record<string, unknown>; created_at: string } | null; turn?: { id: string; status: "in_progress" | "completed" | "incomplete" | "cancelled" | "failed"; url: string } };
    error: { message: string } | { error: string; message: string } | { error: string; message: string } | { message: string };
  };
  /** Conversation history. */
  'GET /v1/conversations/{id}/messages': {
    input: { path: { id: string }; query?: { limit?: number; cursor?: string; order?: "asc" | "desc" } };
    output: { total: number; messages: ({ id: string; conversation_id: string; role: "user" | "assistant" | "system" | "tool"; content: string; tool_calls: (unknown)[] | null; token_usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; metadata: Record<string, unknown>; created_at: string })[]; next_cursor: string | null };
    error: { message: string } | { error: string; message: string };
  };
  /** Turn. */
  'GET /v1/conversations/{id}/turns/{turn_id}': {
    input: { path: { id: string; turn_id: string }; query?: { wait?: number } };
    output: { id: string; thread_id: string; status: "in_progress" | "completed" | "incomplete" | "cancelled" | "failed"; message_id: string; usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; usage_details: { estimated?: boolean; prompt_tokens: number; completion_tokens: number; thinking_tokens: number; cache_read_tokens: number; cache_write_tokens: number } | null; cost_usd: string | null; error: { code: string; kind: "model_busy" | "model_unreachable" | "model_refused_request" | "no_credit" | "configuration" | "database" | "function_busy" | "function_died" | "internal"; message: string } | null; started_at: string; ended_at: string | null; assistant_message: { id: string; conversation_id: string; role: "user" | "assistant" | "system" | "tool"; content: string; tool_calls: (unknown)[] | null; token_usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; metadata: Record<string, unknown>; created_at: string } | null };
    error: { message: string } | { error: string; message: string };
  };
  /** Cancel a turn. */
  'POST /v1/conversations/{id}/turns/{turn_id}/cancel': {
    input: { path: { id: string; turn_id: string }; headers?: { 'idempotency-key'?: string } };
    output: { id: string; thread_id: string; status: "in_progress" | "completed" | "incomplete" | "cancelled" | "failed"; message_id: string; usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; usage_details: { estimated?: boolean; prompt_tokens: number; completion_tokens: number; thinking_tokens: number; cache_read_tokens: number; cache_write_tokens: number } | null; cost_usd: string | null; error: { code: string; kind: "model_busy" | "model_unreachable" | "model_refused_request" | "no_credit" | "configuration" | "database" | "function_busy" | "function_died" | "internal"; message: string } | null; started_at: string; ended_at: string | null; assistant_message: { id: string; conversation_id: string; role: "user" | "assistant" | "system" | "tool"; content: string; tool_calls: (unknown)[] | null; token_usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; metadata: Record<string, unknown>; created_at: string } | null };
    error: { message: string } | { error: string; message: string };
  };
  /** Usage of a brand by day and model. */
  'GET /v1/usage': {
    input: { query?: { from?: string; to?: string } };
    output: { from: string; to: string; data: ({ day: string; model: string; answers: number; titles: number; prompt_tokens: number; completion_tokens: number; thinking_tokens: number; cache_read_tokens: number; cache_write_tokens: number; cost_usd: string | null })[] };
    error: { message: string } | { error: string; message: string };
  };
  /** Create an assistant chat thread. */
  'POST /api/v1/chat/threads': {
    input: { query: { company_id: number; customer_id?: number | null; location_id?: string | null; login_customer_id?: number | null }; headers?: { 'idempotency-key'?: string }; body: { name?: string | null; description?: string | null; assistant_type: "onboarding" | "general" | "market_analysis" | "campaign_creation"; extra_data?: Record<string, unknown> } };
    output: { thread_id: string; is_completed: boolean; date_added: string; date_updated: string; name?: string | null; description?: string | null; extra_data?: Record<string, unknown>; google_ads_customer?: { id?: number; date_added?: string; date_updated?: string; descriptive_name?: string; currency_code?: string; time_zone?: string; status?: string; manager?: boolean; is_active?: boolean; is_deleted?: boolean } | null; google_ads_login_customer_id?: number | null; google_business_location?: { id?: string; title?: string; store_code?: string; maps_uri?: string; storefront_address?: { region_code?: string; language_code?: string; postal_code?: string; administrative_area?: string; locality?: string; sublocality?: string; address_lines?: (string)[] } } | null; assistant?: { id?: string; assistant_type?: "onboarding" | "general" | "market_analysis" | "campaign_creation"; date_added?: string; date_updated?: string }; active_turn: { id: string; url: string } | null };
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** List the chat threads of a company. */
  'GET /api/v1/chat/threads': {
    input: { query: { company_id: number; assistant_type?: "onboarding" | "general" | "market_analysis" | "campaign_creation" | null; limit?: number; cursor?: string } };
    output: ({ thread_id: string; is_completed: boolean; date_added: string; date_updated: string; name?: string | null; description?: string | null; extra_data?: Record<string, unknown>; google_ads_customer?: { id?: number; date_added?: string; date_updated?: string; descriptive_name?: string; currency_code?: string; time_zone?: string; status?: string; manager?: boolean; is_active?: boolean; is_deleted?: boolean } | null; google_ads_login_customer_id?: number | null; google_business_location?: { id?: string; title?: string; store_code?: string; maps_uri?: string; storefront_address?: { region_code?: string; language_code?: string; postal_code?: string; administrative_area?: string; locality?: string; sublocality?: string; address_lines?: (string)[] } } | null; assistant?: { id?: string; assistant_type?: "onboarding" | "general" | "market_analysis" | "campaign_creation"; date_added?: string; date_updated?: string } })[];
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Assistant chat thread. */
  'GET /api/v1/chat/threads/{thread_id}': {
    input: { path: { thread_id: string }; query: { company_id: number } };
    output: { thread_id: string; is_completed: boolean; date_added: string; date_updated: string; name?: string | null; description?: string | null; extra_data?: Record<string, unknown>; google_ads_customer?: { id?: number; date_added?: string; date_updated?: string; descriptive_name?: string; currency_code?: string; time_zone?: string; status?: string; manager?: boolean; is_active?: boolean; is_deleted?: boolean } | null; google_ads_login_customer_id?: number | null; google_business_location?: { id?: string; title?: string; store_code?: string; maps_uri?: string; storefront_address?: { region_code?: string; language_code?: string; postal_code?: string; administrative_area?: string; locality?: string; sublocality?: string; address_lines?: (string)[] } } | null; assistant?: { id?: string; assistant_type?: "onboarding" | "general" | "market_analysis" | "campaign_creation"; date_added?: string; date_updated?: string }; active_turn: { id: string; url: string } | null };
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Edit an assistant chat thread. */
  'PATCH /api/v1/chat/threads/{thread_id}': {
    input: { path: { thread_id: string }; query: { company_id: number }; headers?: { 'if-match'?: string }; body: { name?: string | null; description?: string | null; is_completed?: boolean } };
    output: { thread_id: string; is_completed: boolean; date_added: string; date_updated: string; name?: string | null; description?: string | null; extra_data?: Record<string, unknown>; google_ads_customer?: { id?: number; date_added?: string; date_updated?: string; descriptive_name?: string; currency_code?: string; time_zone?: string; status?: string; manager?: boolean; is_active?: boolean; is_deleted?: boolean } | null; google_ads_login_customer_id?: number | null; google_business_location?: { id?: string; title?: string; store_code?: string; maps_uri?: string; storefront_address?: { region_code?: string; language_code?: string; postal_code?: string; administrative_area?: string; locality?: string; sublocality?: string; address_lines?: (string)[] } } | null; assistant?: { id?: string; assistant_type?: "onboarding" | "general" | "market_analysis" | "campaign_creation"; date_added?: string; date_updated?: string }; active_turn: { id: string; url: string } | null };
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Add a message to an assistant thread; answers the assistant’s message. */
  'POST /api/v1/chat/threads/{thread_id}/messages': {
    input: { path: { thread_id: string }; query: { company_id: number; on_busy?: "reject" | "interrupt" }; headers?: { 'idempotency-key'?: string }; body: { content: string } };
    output: { message: { id: string; thread_id: string; role: string; content: string; tool_calls: (unknown)[] | null; token_usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; metadata: Record<string, unknown>; created_at: string }; assistant_message: { id: string; thread_id: string; role: string; content: string; tool_calls: (unknown)[] | null; token_usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; metadata: Record<string, unknown>; created_at: string } | null; turn: { id: string; status: "in_progress" | "completed" | "incomplete" | "cancelled" | "failed"; url: string } };
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] } | { detail: string } | { message: string };
  };
  /** Messages of an assistant thread. */
  'GET /api/v1/chat/threads/{thread_id}/messages': {
    input: { path: { thread_id: string }; query: { company_id: number; limit?: number; cursor?: string; order?: "asc" | "desc" } };
    output: { total: number; messages: ({ id: string; thread_id: string; role: string; content: string; tool_calls: (unknown)[] | null; token_usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; metadata: Record<string, unknown>; created_at: string })[]; next_cursor: string | null };
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Turn of an assistant thread. */
  'GET /api/v1/chat/threads/{thread_id}/turns/{turn_id}': {
    input: { path: { thread_id: string; turn_id: string }; query: { company_id: number; wait?: number } };
    output: { id: string; thread_id: string; status: "in_progress" | "completed" | "incomplete" | "cancelled" | "failed"; message_id: string; usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; usage_details: { estimated?: boolean; prompt_tokens: number; completion_tokens: number; thinking_tokens: number; cache_read_tokens: number; cache_write_tokens: number } | null; cost_usd: string | null; error: { code: string; kind: "model_busy" | "model_unreachable" | "model_refused_request" | "no_credit" | "configuration" | "database" | "function_busy" | "function_died" | "internal"; message: string } | null; started_at: string; ended_at: string | null; assistant_message: { id: string; thread_id: string; role: string; content: string; tool_calls: (unknown)[] | null; token_usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; metadata: Record<string, unknown>; created_at: string } | null };
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Cancel a turn of an assistant thread. */
  'POST /api/v1/chat/threads/{thread_id}/turns/{turn_id}/cancel': {
    input: { path: { thread_id: string; turn_id: string }; query: { company_id: number }; headers?: { 'idempotency-key'?: string } };
    output: { id: string; thread_id: string; status: "in_progress" | "completed" | "incomplete" | "cancelled" | "failed"; message_id: string; usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; usage_details: { estimated?: boolean; prompt_tokens: number; completion_tokens: number; thinking_tokens: number; cache_read_tokens: number; cache_write_tokens: number } | null; cost_usd: string | null; error: { code: string; kind: "model_busy" | "model_unreachable" | "model_refused_request" | "no_credit" | "configuration" | "database" | "function_busy" | "function_died" | "internal"; message: string } | null; started_at: string; ended_at: string | null; assistant_message: { id: string; thread_id: string; role: string; content: string; tool_calls: (unknown)[] | null; token_usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; metadata: Record<string, unknown>; created_at: string } | null };
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Google Ads customers of a company. */
  'GET /api/v1/companies/{company_id}/google-ads-customers': {
    input: { path: { company_id: number }; query?: { limit?: number; cursor?: string } };
    output: ({ id?: number; date_added?: string; date_updated?: string; descriptive_name?: string; currency_code?: string; time_zone?: string; status?: string; manager?: boolean; is_active?: boolean; is_deleted?: boolean })[];
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Google Ads customer of a company. */
  'GET /api/v1/companies/{company_id}/google-ads-customers/{customer_id}': {
    input: { path: { company_id: number; customer_id: number } };
    output: { id?: number; date_added?: string; date_updated?: string; descriptive_name?: string; currency_code?: string; time_zone?: string; status?: string; manager?: boolean; is_active?: boolean; is_deleted?: boolean };
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Store a Google Ads customer of a company. */
  'PUT /api/v1/companies/{company_id}/google-ads-customers/{customer_id}': {
    input: { path: { company_id: number; customer_id: number }; body: { descriptive_name?: string; currency_code?: string; time_zone?: string; status?: string; manager?: boolean; is_active?: boolean; is_deleted?: boolean } };
    output: { id?: number; date_added?: string; date_updated?: string; descriptive_name?: string; currency_code?: string; time_zone?: string; status?: string; manager?: boolean; is_active?: boolean; is_deleted?: boolean };
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Google Business locations of a company. */
  'GET /api/v1/companies/{company_id}/google-business-locations': {
    input: { path: { company_id: number }; query?: { limit?: number; cursor?: string } };
    output: ({ id?: string; title?: string; store_code?: string; maps_uri?: string; storefront_address?: { region_code?: string; language_code?: string; postal_code?: string; administrative_area?: string; locality?: string; sublocality?: string; address_lines?: (string)[] } })[];
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Google Business location of a company. */
  'GET /api/v1/companies/{company_id}/google-business-locations/{location_id}': {
    input: { path: { company_id: number; location_id: string } };
    output: { id?: string; title?: string; store_code?: string; maps_uri?: string; storefront_address?: { region_code?: string; language_code?: string; postal_code?: string; administrative_area?: string; locality?: string; sublocality?: string; address_lines?: (string)[] } };
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Store a Google Business location of a company. */
  'PUT /api/v1/companies/{company_id}/google-business-locations/{location_id}': {
    input: { path: { company_id: number; location_id: string }; body: { title?: string; store_code?: string; maps_uri?: string; storefront_address?: { region_code?: string; language_code?: string; postal_code?: string; administrative_area?: string; locality?: string; sublocality?: string; address_lines?: (string)[] } } };
    output: { id?: string; title?: string; store_code?: string; maps_uri?: string; storefront_address?: { region_code?: string; language_code?: string; postal_code?: string; administrative_area?: string; locality?: string; sublocality?: string; address_lines?: (string)[] } };
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Usage of a company by day and model. */
  'GET /api/v1/chat/usage': {
    input: { query: { company_id: number; from?: string; to?: string } };
    output: ({ day: string; model: string; answers: number; titles: number; prompt_tokens: number; completion_tokens: number; thinking_tokens: number; cache_read_tokens: number; cache_write_tokens: number; cost_usd: string | null })[];
    error: { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Create a chat thread with an agent. */
  'POST /api/v1/chat/{agent_id}/threads': {
    input: { path: { agent_id: string }; headers?: { 'x-anon-user-id'?: string; 'idempotency-key'?: string }; body: { agent_id?: string | null; title?: string | null; metadata?: Record<string, unknown> | null } };
    output: { id?: string; agent_id?: string | null; user_id?: string | null; anon_user_id?: string | null; organization_id?: string | null; title?: string | null; metadata?: Record<string, unknown> | null; created_at?: string; updated_at?: string; messages?: ({ id?: string; thread_id?: string; content?: string; content_html?: string | null; role?: string; tool_calls?: ({ tool_name?: string; arguments?: Record<string, unknown>; result?: Record<string, unknown> | null; error?: string | null; start_time?: string; end_time?: string | null })[] | null; attachments?: (Record<string, unknown>)[] | null; metadata?: Record<string, unknown> | null; created_at?: string; feedback?: { id?: string | null; human_message_id?: string | null; ai_message_id?: string | null; flow_execution_id?: string | null; user_id?: string; organization_id?: string; feedback_type?: "positive" | "negative" | null; issue_type?: string | null; comment?: string | null; created_at?: string | null; updated_at?: string | null } | null })[]; active_turn?: { id: string; url: string } | null };
    error: { message: string } | { detail: string } | { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** List the chat threads of an agent. */
  'GET /api/v1/chat/{agent_id}/threads': {
    input: { path: { agent_id: string }; query?: { limit?: number; cursor?: string } };
    output: ({ id?: string; agent_id?: string | null; user_id?: string | null; anon_user_id?: string | null; organization_id?: string | null; title?: string | null; metadata?: Record<string, unknown> | null; created_at?: string; updated_at?: string; messages?: ({ id?: string; thread_id?: string; content?: string; content_html?: string | null; role?: string; tool_calls?: ({ tool_name?: string; arguments?: Record<string, unknown>; result?: Record<string, unknown> | null; error?: string | null; start_time?: string; end_time?: string | null })[] | null; attachments?: (Record<string, unknown>)[] | null; metadata?: Record<string, unknown> | null; created_at?: string; feedback?: { id?: string | null; human_message_id?: string | null; ai_message_id?: string | null; flow_execution_id?: string | null; user_id?: string; organization_id?: string; feedback_type?: "positive" | "negative" | null; issue_type?: string | null; comment?: string | null; created_at?: string | null; updated_at?: string | null } | null })[] })[];
    error: { message: string } | { detail: string } | { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Chat thread with its messages. */
  'GET /api/v1/chat/{agent_id}/threads/{thread_id}': {
    input: { path: { agent_id: string; thread_id: string } };
    output: { id?: string; agent_id?: string | null; user_id?: string | null; anon_user_id?: string | null; organization_id?: string | null; title?: string | null; metadata?: Record<string, unknown> | null; created_at?: string; updated_at?: string; messages?: ({ id?: string; thread_id?: string; content?: string; content_html?: string | null; role?: string; tool_calls?: ({ tool_name?: string; arguments?: Record<string, unknown>; result?: Record<string, unknown> | null; error?: string | null; start_time?: string; end_time?: string | null })[] | null; attachments?: (Record<string, unknown>)[] | null; metadata?: Record<string, unknown> | null; created_at?: string; feedback?: { id?: string | null; human_message_id?: string | null; ai_message_id?: string | null; flow_execution_id?: string | null; user_id?: string; organization_id?: string; feedback_type?: "positive" | "negative" | null; issue_type?: string | null; comment?: string | null; created_at?: string | null; updated_at?: string | null } | null })[]; active_turn?: { id: string; url: string } | null };
    error: { message: string } | { detail: string } | { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Chat history across agents, newest first. */
  'GET /api/v1/chat/history': {
    input: { query?: { limit?: number; cursor?: string | null; agent_id?: string | null } };
    output: { threads: ({ id?: string; agent_id?: string | null; user_id?: string | null; anon_user_id?: string | null; organization_id?: string | null; title?: string | null; metadata?: Record<string, unknown> | null; created_at?: string; updated_at?: string; messages?: ({ id?: string; thread_id?: string; content?: string; content_html?: string | null; role?: string; tool_calls?: ({ tool_name?: string; arguments?: Record<string, unknown>; result?: Record<string, unknown> | null; error?: string | null; start_time?: string; end_time?: string | null })[] | null; attachments?: (Record<string, unknown>)[] | null; metadata?: Record<string, unknown> | null; created_at?: string; feedback?: { id?: string | null; human_message_id?: string | null; ai_message_id?: string | null; flow_execution_id?: string | null; user_id?: string; organization_id?: string; feedback_type?: "positive" | "negative" | null; issue_type?: string | null; comment?: string | null; created_at?: string | null; updated_at?: string | null } | null })[] })[]; next_cursor: string | null };
    error: { message: string } | { detail: string } | { message: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] } | { detail: string };
  };
  /** Give feedback on a chat message. */
  'POST /api/v1/feedback/chat': {
    input: { headers?: { 'idempotency-key'?: string }; body: { message_id: string; source: string; feedback_details: { feedback_type?: "positive" | "negative" | null; issue_type?: string | null; comment?: string | null; context_id?: string | null } } };
    output: { id?: string | null; human_message_id?: string | null; ai_message_id?: string | null; flow_execution_id?: string | null; user_id?: string; organization_id?: string; feedback_type?: "positive" | "negative" | null; issue_type?: string | null; comment?: string | null; created_at?: string | null; updated_at?: string | null };
    error: { message: string } | { detail: string } | { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Create an agent. */
  'POST /api/v1/agents': {
    input: { headers?: { 'idempotency-key'?: string }; body: { name: string; configuration: { instructions?: string; model?: string; max_tokens?: number; effort?: "low" | "medium" | "high" | "xhigh" | "max"; tools?: ({ name: string; description: string; input_schema: Record<string, unknown>; strict?: boolean; url: string })[] }; template_id: string; description?: string | null; avatar_url?: string | null; metadata?: Record<string, unknown> } };
    output: { id: string; name: string; configuration: Record<string, unknown>; template_id: string; organization_id: string; status: string; created_at: string; updated_at: string; description?: string | null; avatar_url?: string | null; metadata?: Record<string, unknown>; files?: (Record<string, unknown>)[]; team_id?: (string)[] | null; completed_flows_count?: number; pending_flows_count?: number; bot_sub?: string | null };
    error: { message: string } | { detail: string } | { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** List agents. */
  'GET /api/v1/agents': {
    input: { query?: { status?: string | null; limit?: number; cursor?: string } };
    output: ({ id: string; name: string; configuration: Record<string, unknown>; template_id: string; organization_id: string; status: string; created_at: string; updated_at: string; description?: string | null; avatar_url?: string | null; metadata?: Record<string, unknown>; files?: (Record<string, unknown>)[]; team_id?: (string)[] | null; completed_flows_count?: number; pending_flows_count?: number; bot_sub?: string | null })[];
    error: { message: string } | { detail: string } | { message: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] } | { detail: string };
  };
  /** Agent. */
  'GET /api/v1/agents/{agent_id}': {
    input: { path: { agent_id: string } };
    output: { id: string; name: string; configuration: Record<string, unknown>; template_id: string; organization_id: string; status: string; created_at: string; updated_at: string; description?: string | null; avatar_url?: string | null; metadata?: Record<string, unknown>; files?: (Record<string, unknown>)[]; team_id?: (string)[] | null; completed_flows_count?: number; pending_flows_count?: number; bot_sub?: string | null };
    error: { message: string } | { detail: string } | { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Edit an agent. */
  'PATCH /api/v1/agents/{agent_id}': {
    input: { path: { agent_id: string }; headers?: { 'if-match'?: string }; body: { name?: string; configuration?: { instructions?: string; model?: string; max_tokens?: number; effort?: "low" | "medium" | "high" | "xhigh" | "max"; tools?: ({ name: string; description: string; input_schema: Record<string, unknown>; strict?: boolean; url: string })[] }; template_id?: string; description?: string | null; avatar_url?: string | null; metadata?: Record<string, unknown>; status?: string } };
    output: { id: string; name: string; configuration: Record<string, unknown>; template_id: string; organization_id: string; status: string; created_at: string; updated_at: string; description?: string | null; avatar_url?: string | null; metadata?: Record<string, unknown>; files?: (Record<string, unknown>)[]; team_id?: (string)[] | null; completed_flows_count?: number; pending_flows_count?: number; bot_sub?: string | null };
    error: { message: string } | { detail: string } | { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Add a message to a chat thread; answers the agent’s message. */
  'POST /api/v1/chat/{agent_id}/threads/{thread_id}/messages': {
    input: { path: { agent_id: string; thread_id: string }; query?: { on_busy?: "reject" | "interrupt" }; headers?: { 'idempotency-key'?: string }; body: { content: string; content_html?: string | null; role: "user" | "assistant" | "system" | "tool"; metadata?: Record<string, unknown> | null; agent_id?: string | null } };
    output: { id?: string; thread_id?: string; content?: string; content_html?: string | null; role?: string; tool_calls?: ({ tool_name?: string; arguments?: Record<string, unknown>; result?: Record<string, unknown> | null; error?: string | null; start_time?: string; end_time?: string | null })[] | null; attachments?: (Record<string, unknown>)[] | null; metadata?: Record<string, unknown> | null; created_at?: string; feedback?: { id?: string | null; human_message_id?: string | null; ai_message_id?: string | null; flow_execution_id?: string | null; user_id?: string; organization_id?: string; feedback_type?: "positive" | "negative" | null; issue_type?: string | null; comment?: string | null; created_at?: string | null; updated_at?: string | null } | null; turn?: { id: string; status: "in_progress" | "completed" | "incomplete" | "cancelled" | "failed"; url: string } };
    error: { message: string } | { detail: string } | { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Turn of a chat thread. */
  'GET /api/v1/chat/{agent_id}/threads/{thread_id}/turns/{turn_id}': {
    input: { path: { agent_id: string; thread_id: string; turn_id: string }; query?: { wait?: number } };
    output: { id: string; thread_id: string; status: "in_progress" | "completed" | "incomplete" | "cancelled" | "failed"; message_id: string; usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; usage_details: { estimated?: boolean; prompt_tokens: number; completion_tokens: number; thinking_tokens: number; cache_read_tokens: number; cache_write_tokens: number } | null; cost_usd: string | null; error: { code: string; kind: "model_busy" | "model_unreachable" | "model_refused_request" | "no_credit" | "configuration" | "database" | "function_busy" | "function_died" | "internal"; message: string } | null; started_at: string; ended_at: string | null; assistant_message: { id?: string; thread_id?: string; content?: string; content_html?: string | null; role?: string; tool_calls?: ({ tool_name?: string; arguments?: Record<string, unknown>; result?: Record<string, unknown> | null; error?: string | null; start_time?: string; end_time?: string | null })[] | null; attachments?: (Record<string, unknown>)[] | null; metadata?: Record<string, unknown> | null; created_at?: string; feedback?: { id?: string | null; human_message_id?: string | null; ai_message_id?: string | null; flow_execution_id?: string | null; user_id?: string; organization_id?: string; feedback_type?: "positive" | "negative" | null; issue_type?: string | null; comment?: string | null; created_at?: string | null; updated_at?: string | null } | null } | null };
    error: { message: string } | { detail: string } | { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Cancel a turn of a chat thread. */
  'POST /api/v1/chat/{agent_id}/threads/{thread_id}/turns/{turn_id}/cancel': {
    input: { path: { agent_id: string; thread_id: string; turn_id: string }; headers?: { 'idempotency-key'?: string } };
    output: { id: string; thread_id: string; status: "in_progress" | "completed" | "incomplete" | "cancelled" | "failed"; message_id: string; usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null; usage_details: { estimated?: boolean; prompt_tokens: number; completion_tokens: number; thinking_tokens: number; cache_read_tokens: number; cache_write_tokens: number } | null; cost_usd: string | null; error: { code: string; kind: "model_busy" | "model_unreachable" | "model_refused_request" | "no_credit" | "configuration" | "database" | "function_busy" | "function_died" | "internal"; message: string } | null; started_at: string; ended_at: string | null; assistant_message: { id?: string; thread_id?: string; content?: string; content_html?: string | null; role?: string; tool_calls?: ({ tool_name?: string; arguments?: Record<string, unknown>; result?: Record<string, unknown> | null; error?: string | null; start_time?: string; end_time?: string | null })[] | null; attachments?: (Record<string, unknown>)[] | null; metadata?: Record<string, unknown> | null; created_at?: string; feedback?: { id?: string | null; human_message_id?: string | null; ai_message_id?: string | null; flow_execution_id?: string | null; user_id?: string; organization_id?: string; feedback_type?: "positive" | "negative" | null; issue_type?: string | null; comment?: string | null; created_at?: string | null; updated_at?: string | null } | null } | null };
    error: { message: string } | { detail: string } | { message: string } | { detail: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] };
  };
  /** Usage of an organization by day and model. */
  'GET /api/v1/agents/usage': {
    input: { query?: { from?: string; to?: string } };
    output: ({ day: string; model: string; answers: number; titles: number; prompt_tokens: number; completion_tokens: number; thinking_tokens: number; cache_read_tokens: number; cache_write_tokens: number; cost_usd: string | null })[];
    error: { message: string } | { detail: string } | { message: string } | { detail: ({ loc: (string | number)[]; msg: string; type: string })[] } | { detail: string };
  };
  /** Liveness. */
  'GET /health': {
    input: {  };
    output: { status: string };
    error: { message: string } | { error: string; message: string };
  };
  /** This document. */
  'GET /openapi.json': {
    input: {  };
    output: Record<string, unknown>;
    error: { message: string } | { error: string; message: string };
  };
  /** This document as a page, with every operation to try. */
  'GET /docs': {
    input: {  };
    output: string;
    error: { message: string } | { error: string; message: string };
  };
}
