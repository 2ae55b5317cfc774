import type { Answers } from '../config/answers.ts';
import type { ClientConfig } from '../config/client.ts';

/** What a client answers by default of its sessions. */
export function sessionAnswers({ sessions }: ClientConfig): Required<Pick<Answers, 'chooseSession'>> {
  // Whoever renegotiates wants to be told who is there, not who was.
  return {
    chooseSession: ({ renegotiation }) => ({ ok: true, sessions: renegotiation > 0 ? [] : sessions }),
  };
}

/** The answers of a configuration, for one made of it by `withSessions`. */
export function withItsSessions(answers: Answers, config: ClientConfig): Answers {
  if (config.answers.chooseSession !== undefined) return answers;
  // `answers` inherits from nothing, and so nothing else is found through it.
  const own = Object.create(answers) as { -readonly [K in keyof Answers]: Answers[K] };
  own.chooseSession = sessionAnswers(config).chooseSession;
  return own;
}
