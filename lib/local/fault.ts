/** Something that only the person at the keyboard can mend: shown as one line, without a stack. */
export class LocalFault extends Error {}

/** Runs a command-line program: a LocalFault becomes one line on standard error and exit code 1. */
export async function run(program: () => Promise<void>): Promise<void> {
  try {
    await program();
  } catch (error) {
    if (!(error instanceof LocalFault)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
