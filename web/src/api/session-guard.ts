import type { Problem } from './problem';

type Reaction = { toLogin: () => void; toPasswordChange: () => void };
let reaction: Reaction | undefined;

/** The app says once what happens when a session has ended or must first change its password. */
export function onSessionProblem(next: Reaction): void {
  reaction = next;
}

export function reactToProblem(problem: Problem): void {
  if (problem.status === 401 && problem.code !== 'BAD_CREDENTIALS') reaction?.toLogin();
  if (problem.status === 403 && problem.code === 'PASSWORD_CHANGE_REQUIRED') reaction?.toPasswordChange();
}
