/** An event of a stream. */
export interface StreamedEvent {
  readonly event: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The events of an answer until it ends, as they come (WHATWG HTML, "Server-sent events"). */
export async function* eventsIn({ body }: Response): AsyncGenerator<StreamedEvent> {
  let text = '';
  for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (text + piece).split('\n\n');
    text = blocks.pop() ?? ''; // it may go on
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: ?(.*)/u) as [string, string]));
      const [event, id, data] = ['event', 'id', 'data'].map((name) => fields.get(name));
      if (event !== undefined && id !== undefined && data !== undefined)
        yield { event, id, data: JSON.parse(data) as StreamedEvent['data'] };
    }
  }
}
