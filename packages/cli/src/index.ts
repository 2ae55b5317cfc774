/** The command line as a function, for programs that bring streams of their own. */
export { type Host, processHost, type TerminalInput, type TerminalOutput } from './host.ts';
export { main } from './main.ts';
export { type ExitName, exitCodes } from './exit-codes.ts';
