import type { Api, ApiAnswer } from './api.ts';
import { type Person, person } from './people.ts';

const path = '/v1/ask/threads';

/** A new ask thread of a new member, a coach of the same brand, and what one does with it. */
export async function askThreadWith(api: Api, create: object = {}) {
  const member = await person(api, { roles: [] });
  const coach = await person(api, { brandId: member.brandId, roles: ['coach'] });
  const made = await ask(member, create);
  const id: string = made.body.id;
  const get = (who: Person, url: string): Promise<ApiAnswer> =>
    api.send({ method: 'GET', path: url, headers: who.bearer });
  return {
    member,
    coach,
    id,
    made,
    /** Opens another thread. */
    ask,
    reply: (who: Person, body: object = {}, headers: Readonly<Record<string, string>> = {}) =>
      api.send({
        path: `${path}/${id}/replies`,
        headers: { ...who.bearer, ...headers },
        body: { author_name: 'Somebody', body: 'A reply', ...body },
      }),
    read: (who: Person) => get(who, `${path}/${id}`),
    list: (who: Person, query = '') => get(who, path + query),
    overdue: (who: Person, query = '') => get(who, `/v1/admin/ask/coach-sla-overdue${query}`),
  };

  function ask(who: Person, body: object = {}): Promise<ApiAnswer> {
    return api.send({
      path,
      headers: who.bearer,
      body: { member_name: 'Ada', body: 'A question', ...body },
    });
  }
}
