/** So many digits are exact in a double, also after a small number was added. */
const SAFE_DIGITS = 15;
const SAFE = 10 ** SAFE_DIGITS;

/**
 * The sum of an integer in decimal digits, however many, and a small one: exact, without leading zeros and without `+`,
 * in time linear in the digits, which neither Number nor BigInt can promise.
 *
 * @param integer `[-+]?[0-9]+`
 * @param small less than 10^15 either way
 */
export function sumOf(integer: string, small: number): string {
  const isNegative = integer.startsWith('-');
  const digits = withoutLeadingZeros(isNegative || integer.startsWith('+') ? integer.slice(1) : integer);
  const sign = isNegative ? -1 : 1;
  if (digits.length <= SAFE_DIGITS) return String(sign * Number(digits) + small);
  // The integer is so much larger than the small one that its sign stays.
  const high = digits.slice(0, -SAFE_DIGITS);
  const low = Number(digits.slice(-SAFE_DIGITS)) + sign * small;
  const [carried, rest] = carry(high, low);
  return (isNegative ? '-' : '') + withoutLeadingZeros(carried + String(rest).padStart(SAFE_DIGITS, '0'));
}

/** The same number with lower digits from 0 to less than SAFE. */
function carry(high: string, low: number): [high: string, low: number] {
  if (low < 0) return [decremented(high), low + SAFE];
  return low >= SAFE ? [incremented(high), low - SAFE] : [high, low];
}

/** As JavaScript has no way to strip characters from an end that is linear whatever the text: `/0+$/` is not. */
export function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (start < digits.length - 1 && digits.charAt(start) === '0') start += 1;
  return digits.slice(start);
}

function incremented(digits: string): string {
  const at = lastThatIsNot('9', digits);
  const nines = '0'.repeat(digits.length - 1 - at);
  return at < 0 ? `1${nines}` : digits.slice(0, at) + String(Number(digits.charAt(at)) + 1) + nines;
}

/** @param digits not zero */
function decremented(digits: string): string {
  const at = lastThatIsNot('0', digits);
  return digits.slice(0, at) + String(Number(digits.charAt(at)) - 1) + '9'.repeat(digits.length - 1 - at);
}

/** The index of the last digit that is another one than this, or -1. */
export function lastThatIsNot(digit: string, digits: string): number {
  let at = digits.length - 1;
  while (at >= 0 && digits.charAt(at) === digit) at -= 1;
  return at;
}
