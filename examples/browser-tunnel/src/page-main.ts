/** The page itself: a field, a button, and what came back. `settings` stands in its HTML. */
import type { WebSocketLike } from '@sealwire/web-transport';
import { ask, type Question } from './page.ts';

interface Element {
  value: string;
  textContent: string;
  addEventListener(type: string, listener: (event: { preventDefault(): void }) => void): void;
}

declare const settings: Omit<Question, 'text'> & { readonly tunnel: string };
declare const document: { querySelector(selector: string): Element };

const { tunnel, ...question } = settings;
const Socket = (globalThis as never as { WebSocket: new (url: string) => WebSocketLike }).WebSocket;
const [form, field, shown] = ['form', 'input', 'pre'].map((name) => document.querySelector(name));

async function send(): Promise<void> {
  const answer = await ask(new Socket(tunnel), { ...question, text: field!.value }).then(
    (outcome) => JSON.stringify(outcome, undefined, 2),
    (error: unknown) => String(error),
  );
  shown!.textContent = answer;
  Object.assign(globalThis, { outcome: answer }); // for who drives a browser
}

form!.addEventListener('submit', (event) => {
  event.preventDefault();
  void send();
});
