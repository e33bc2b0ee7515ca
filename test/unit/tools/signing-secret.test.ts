import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signingSecret } from '../../../functions/tools/signing-secret.ts';

test('an organization’s signing secret is 256 bits that tell nothing of the deployment’s or of another’s', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.uuid(), fc.uuid(), (deploymentsSecret, one, other) => {
      const secret = signingSecret(deploymentsSecret, one);
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/u);
      expect(signingSecret(deploymentsSecret, one)).toBe(secret);
      expect(signingSecret(`${deploymentsSecret}.`, one)).not.toBe(secret);
      if (one !== other) expect(signingSecret(deploymentsSecret, other)).not.toBe(secret);
    }),
  );
});
