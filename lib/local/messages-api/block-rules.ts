import type { MessageParam } from '@anthropic-ai/sdk/resources/messages';

type Block = Exclude<MessageParam['content'], string>[number];

/** Blocks that a request without server tools can have. */
const TYPES = ['text', 'image', 'document', 'tool_use', 'tool_result', 'thinking', 'redacted_thinking'];

/**
 * What the Messages API refuses a request for on account of one block of a message. Its words are those of its 400s as
 * public reports quote them: LibreChat-AI/agents#153 and HKUDS/nanobot#4356 (ids of calls: pattern, 64 characters),
 * anthropics/claude-code#23440 and anomalyco/opencode#31259 (blank text), platform.claude.com "Define tools" (names) and
 * "Preserved thinking" (signatures). Where no source says what white space is, all that JavaScript, Python or Unicode
 * takes for it is; where none says how long a name in a history may be, it is as long as one that is declared.
 *
 * @returns what the Messages API says of the first rule that is broken, or null
 */
export function brokenBlockRule(block: Block): string | null {
  if (!TYPES.includes(block.type))
    return `Input tag '${block.type}' found using 'type' does not match any of the expected tags`;
  switch (block.type) {
    case 'text':
      return isBlankText(block.text) ? 'text content blocks must contain non-whitespace text' : null;
    case 'tool_use':
      return brokenCall(block);
    case 'tool_result':
      return brokenOutcome(block);
    case 'thinking':
      return block.signature === '' ? 'thinking.signature: Field required' : null;
    default:
      return null;
  }
}

function brokenCall({ id, name, input }: Block & { type: 'tool_use' }): string | null {
  if (!/^[a-zA-Z0-9_-]{1,64}$/u.test(id))
    return "tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'";
  if (!/^[a-zA-Z0-9_-]{1,64}$/u.test(name))
    return "tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'";
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return 'tool_use.input: Input should be a valid dictionary';
  return null;
}

function brokenOutcome({ content, is_error }: Block & { type: 'tool_result' }): string | null {
  if (is_error && (content ?? '').length === 0)
    return 'tool_result: content cannot be empty if `is_error` is true';
  return content === '' ? 'text content blocks must be non-empty' : null;
}

const OTHER_SPACES = '\u001C\u001D\u001E\u001F\u0085';

/** U+001C to U+001F are white space to Python, U+0085 to Unicode, U+FEFF to JavaScript. */
export function isBlankText(text: string): boolean {
  return text.split('').every((each) => each.trim() === '' || OTHER_SPACES.includes(each));
}
