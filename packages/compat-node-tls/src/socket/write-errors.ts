/** What becomes of a write on a connection that has failed. */
export function protocolError(): Error {
  return writeError('EPROTO', -71);
}

/** What becomes of it where there is nobody any more to write to. */
export function brokenPipe(): Error {
  return writeError('EPIPE', -32);
}

/** What becomes of a write that is under way when its socket goes. */
export function canceled(): Error {
  return writeError('ECANCELED', -125);
}

/** As libuv has them on Linux. */
function writeError(code: string, errno: number): Error {
  return Object.assign(new Error(`write ${code}`), { errno, code, syscall: 'write' });
}
