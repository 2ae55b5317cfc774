/** Whether servers are let through whose certificates are wrong, by `NODE_TLS_REJECT_UNAUTHORIZED=0`; warns once. */
export function allowsUnauthorized(): boolean {
  const allows = process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0';
  if (allows && !hasWarned) {
    hasWarned = true;
    process.emitWarning(
      "Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections and HTTPS requests insecure by disabling certificate verification.",
    );
  }
  return allows;
}

let hasWarned = false;
