/** What calls of tools are named in one request. */
export interface CallNames {
  /** The name of a tool, the same for each of its calls and for no other tool. */
  readonly nameOf: (name: string) => string;
  /** An id for a call that no other call of the request has. */
  readonly idOf: (id: string) => string;
}

/** `tool_use.id: String should match pattern`, and 64 characters at most (LibreChat-AI/agents#153). */
const ID = /^[a-zA-Z0-9_-]{1,64}$/u;
const NAME_CHARACTERS = 64;

/**
 * Names for all calls of a request, asked for in its order. A model, or what stands before it, may name a call as the
 * Messages API would refuse it ("Define tools"), or twice alike ("`tool_use` ids must be unique", trycua/cua#524); clients
 * see what it said, and the model is told a name like that. A name depends on what is before it in the request alone, so
 * that requests extend each other byte by byte.
 *
 * @param declared the tools that the model may call; they keep their names
 */
export function callNames(declared: readonly string[]): CallNames {
  const names = new Map(declared.map((name) => [name, name]));
  const takenNames = new Set(declared);
  const takenIds = new Set<string>();
  return {
    nameOf: (name) => {
      const known = names.get(name);
      if (known !== undefined) return known;
      const wanted = name.replaceAll(/[^a-zA-Z0-9_-]/gu, '_').slice(0, NAME_CHARACTERS) || 'unnamed';
      const given = firstFree(wanted, takenNames);
      names.set(name, given);
      return given;
    },
    idOf: (id) => firstFree(ID.test(id) ? id : `call_${takenIds.size}`, takenIds),
  };
}

/** The name, or one made from it with a number, that is free; it is taken then. */
function firstFree(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) {
    const end = `_${count}`;
    name = wanted.slice(0, NAME_CHARACTERS - end.length) + end;
  }
  taken.add(name);
  return name;
}
