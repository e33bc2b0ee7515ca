import { buildBundles, DIST } from '../lib/bundles.ts';

await buildBundles(DIST);
