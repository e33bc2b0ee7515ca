import { lastThatIsNot, sumOf, withoutLeadingZeros } from './decimal.ts';

/**
 * One text for all JSON-equal values, and for no others: keys sorted at every level, numbers in one form. It is written
 * from its beginning to its end, so that the time it takes grows as the value does, however deep that nests.
 *
 * @param value what parseExact returns: within its depth, and with raw numbers where no double is exact
 */
export function canonicalJson(value: unknown): string {
  let text = '';
  const write = (part: unknown): void => {
    if (typeof part === 'number' || JSON.isRawJSON(part)) {
      text += canonicalNumber(JSON.stringify(part));
    } else if (typeof part !== 'object' || part === null) {
      text += JSON.stringify(part) ?? 'null';
    } else if (Array.isArray(part)) {
      text += '[';
      part.forEach((element, index) => {
        if (index > 0) text += ',';
        write(element);
      });
      text += ']';
    } else {
      text += '{';
      membersOf(part).forEach(([name, member], index) => {
        text += `${index > 0 ? ',' : ''}${JSON.stringify(name)}:`;
        write(member);
      });
      text += '}';
    }
  };
  write(value);
  return text;
}

function membersOf(object: object): [string, unknown][] {
  return Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** `1.50e2`, `150` and `150.0` are all `15e1`: significant digits and the exponent of the last of them. */
function canonicalNumber(source: string): string {
  const sign = source.startsWith('-') ? '-' : '';
  const [mantissa = '', exponent = '0'] = source.slice(sign.length).split(/[eE]/u);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = whole + fraction;
  const last = lastThatIsNot('0', digits);
  if (last < 0) return '0';
  const significant = withoutLeadingZeros(digits.slice(0, last + 1));
  return `${sign}${significant}e${sumOf(exponent, digits.length - (last + 1) - fraction.length)}`;
}
