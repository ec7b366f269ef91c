import type { Team } from '@/api/types';

export type Branch = { team: Team; depth: number };

/** The teams in the order of a tree, each with its depth; one whose parent is unknown stands at the top. */
export function tree(teams: Team[]): Branch[] {
  const known = new Set(teams.map((team) => team.id));
  const children = new Map<number | null, Team[]>();
  for (const team of teams) {
    const parent = team.parent_id !== null && known.has(team.parent_id) ? team.parent_id : null;
    children.set(parent, [...(children.get(parent) ?? []), team]);
  }
  const branches: Branch[] = [];
  const walk = (parent: number | null, depth: number) => {
    for (const team of children.get(parent) ?? []) {
      branches.push({ team, depth });
      walk(team.id, depth + 1);
    }
  };
  walk(null, 0);
  return branches;
}

/** Teams a team may be moved below: neither itself nor anything of its own. */
export function possibleParents(teams: Team[], id: number | undefined): Branch[] {
  const branches = tree(teams);
  const at = branches.findIndex((branch) => branch.team.id === id);
  const self = branches[at];
  if (!self) return branches;
  let end = at + 1;
  while ((branches[end]?.depth ?? -1) > self.depth) end++;
  return [...branches.slice(0, at), ...branches.slice(end)];
}
