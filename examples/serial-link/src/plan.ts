/** A conversation to be held. */
export interface Planned {
  readonly mode: 'psk_ke' | 'psk_dhe_ke';
  /** With the ticket of the one before. */
  readonly resumes: boolean;
  readonly isNoisy: boolean;
}

export const plan: readonly Planned[] = [
  { mode: 'psk_ke', resumes: false, isNoisy: false },
  { mode: 'psk_ke', resumes: true, isNoisy: false },
  { mode: 'psk_dhe_ke', resumes: false, isNoisy: false },
  { mode: 'psk_dhe_ke', resumes: true, isNoisy: false },
  { mode: 'psk_ke', resumes: false, isNoisy: true },
];
