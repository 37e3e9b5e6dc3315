/** The one list of roles of the whole product; players have none. */
export const roles = ['viewer', 'support', 'game master', 'responder', 'operator', 'owner'] as const;
export type Role = (typeof roles)[number];

const looking = ['players.read', 'toggles.read', 'content.read'] as const;
const helping = [...looking, 'players.email', 'players.belongings', 'players.mute', 'sessions.end'] as const;
const judging = [...helping, 'players.suspend', 'journal.refund', 'characters.lift'] as const;
const responding = [...looking, 'audit.read', 'toggles.change', 'content.change', 'players.suspend'] as const;
const operating = [...judging, ...responding] as const;
const owning = [...operating, 'roles.grant'] as const;

/** What staff can do: a verb for each privilege. */
export type StaffAct = (typeof owning)[number];

const granted: Readonly<Record<Role, readonly StaffAct[]>> = {
  viewer: looking,
  support: helping,
  'game master': judging,
  responder: responding,
  operator: operating,
  owner: owning,
};

export function isRole(name: string): name is Role {
  return (roles as readonly string[]).includes(name);
}

/** Whether any of the roles allows it. Names that are no roles allow nothing. */
export function mayDo(held: readonly string[], act: StaffAct): boolean {
  return held.some((role) => isRole(role) && granted[role].includes(act));
}
