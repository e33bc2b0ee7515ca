/** Something that only the person at the keyboard can mend: shown as one line, without a stack. */
export class Fault extends Error {}

/**
 * Runs a command-line program: a Fault, or what the operating system refuses (a full disk, a folder that is not
 * ours), becomes one line on standard error and exit code 1.
 */
export async function run(program: () => Promise<void>): Promise<void> {
  try {
    await program();
  } catch (error) {
    if (!(error instanceof Fault) && !isRefusedBySystem(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** `ENOSPC: no space left on device, write`, and the like. */
function isRefusedBySystem(error: unknown): error is Error {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof Error && ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS'].includes(code ?? '');
}
