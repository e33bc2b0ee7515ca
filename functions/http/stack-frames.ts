const MOST_FRAMES = 5;

/**
 * Where an error was made, as V8 knows it: a line of the error's message that looks like a frame is none. Empty where
 * somebody has read the error's `stack` before, which is a text from then on.
 */
export function stackFrames(error: Error): string[] {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  try {
    // V8 writes the stack when it is first read, by this function (v8.dev, "Stack trace API").
    Error.prepareStackTrace = (_, sites) => sites.slice(0, MOST_FRAMES).map(frameOf);
    const frames: unknown = error.stack;
    return Array.isArray(frames) ? (frames as string[]) : [];
  } finally {
    if (before) Object.defineProperty(Error, 'prepareStackTrace', before);
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
  }
}

/** V8's objects write themselves as a stack has them, which their type does not say. */
function frameOf(site: NodeJS.CallSite): string {
  return `at ${(site as { toString: () => string }).toString()}`;
}
