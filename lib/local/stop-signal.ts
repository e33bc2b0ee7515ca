/** What has not ended by then is ended; its watcher ends what it has started. Supervisors wait for five or ten seconds. */
const END_WITHIN_MS = 4_500;

/**
 * Says when this process is told to end, and by which signal: Ctrl-C, a closed terminal, a supervisor. npm hands a
 * signal on that the terminal has sent as well, so that one may come twice.
 */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      if (stopping.signal.aborted) return;
      setTimeout(() => process.exit(1), END_WITHIN_MS).unref();
      stopping.abort(name);
    });
  return stopping.signal;
}

/**
 * Waits for a start. Told to end meanwhile, this process ends at once: nobody is served yet, a start can take longer
 * than it has, and its watcher ends what was started.
 */
export function unlessStopped<T>(start: Promise<T>, stopping: AbortSignal): Promise<T> {
  const end = () => process.exit(0);
  stopping.addEventListener('abort', end);
  return start.finally(() => stopping.removeEventListener('abort', end));
}
