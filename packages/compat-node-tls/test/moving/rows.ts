/** How a member of `node:tls` stands here. */
export type Status =
  | 'same'
  | { readonly better: string }
  | { readonly differs: string }
  /** It answers as Node does where it is not supported. */
  | { readonly unsupported: string }
  /** There is nothing of that name. */
  | { readonly absent: string };

export interface Row {
  /** As it is written, with its arguments: `connect(options[, callback])`. */
  readonly name: string;
  /** The releases of Node that were the first to have it; undefined: it is not documented. */
  readonly since?: string | undefined;
  /** The release that was the first not to have it. */
  readonly gone?: string | undefined;
  readonly status: Status;
  readonly note?: string | undefined;
}

export type Details = Omit<Row, 'name' | 'since' | 'status'>;
type Extra = { readonly gone?: string; readonly note?: string } & Partial<
  Record<'better' | 'differs' | 'unsupported' | 'absent', string>
>;

/** `row('getCiphers()', '0.10.2')`: the same as in Node; otherwise why not stands in what comes after. */
export function row<Name extends string>(
  name: Name,
  since?: string,
  extra: Extra = {},
): Row & { readonly name: Name } {
  const { gone, note, better, differs, unsupported, absent } = extra;
  const status: Status =
    better !== undefined
      ? { better }
      : differs !== undefined
        ? { differs }
        : unsupported !== undefined
          ? { unsupported }
          : absent !== undefined
            ? { absent }
            : 'same';
  return { name, since, gone, note, status };
}

/** `connect` of `connect(options[, callback])`, and of `new Server(…)` `Server`. */
export function bareName(name: string): string {
  return name.replace(/^new /, '').replace(/[(=].*$/s, '');
}

export function namesOf(rows: readonly Row[]): string[] {
  return rows.map(({ name }) => bareName(name));
}
