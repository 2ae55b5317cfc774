import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

/**
 * Some servers cannot be told to listen on the loopback address alone. They are started only inside a network
 * namespace that has no other device, so that nobody else on the network can reach them.
 */
export function isInOwnNetwork(): boolean {
  try {
    return (
      readdirSync('/sys/class/net').every((device) => device === 'lo') && process.env[marker] !== undefined
    );
  } catch {
    return false;
  }
}

/**
 * Runs this very command again inside such a namespace; its exit code, or `undefined` where none can be made (it
 * takes Linux, the rights of root, and the tools `unshare` and `ip`).
 */
export function runInOwnNetwork(): number | undefined {
  if (process.env[marker] !== undefined) return undefined;
  // /sys shows the devices of the namespace it was mounted in, so it is mounted anew.
  const prepare = 'mount -t sysfs none /sys && ip link set lo up';
  const probe = spawnSync('unshare', ['--net', '--mount', 'sh', '-c', prepare], { stdio: 'ignore' });
  if (probe.status !== 0) return undefined;
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { status } = spawnSync(
    'unshare',
    ['--net', '--mount', 'sh', '-c', `${prepare} && exec "$@"`, 'sh', ...again],
    { stdio: 'inherit', env: { ...process.env, [marker]: '1' } },
  );
  return status ?? 1;
}

/**
 * Runs with a device in our own network that leads nowhere: browsers connect peers only where there is a network besides the
 * loopback device. `hasNetwork` is false where there is none and none can be made.
 */
export async function withDeadEnd(run: (hasNetwork: boolean) => Promise<void>): Promise<void> {
  if (!isInOwnNetwork()) {
    await run(Object.values(networkInterfaces()).some((each) => each?.some(({ internal }) => !internal)));
    return;
  }
  const made = [
    ['link', 'add', 'web0', 'type', 'veth', 'peer', 'name', 'web1'],
    ['addr', 'add', '192.0.2.1/24', 'dev', 'web0'],
    ['link', 'set', 'web0', 'up'],
    ['link', 'set', 'web1', 'up'],
    ['route', 'add', 'default', 'via', '192.0.2.2', 'dev', 'web0'],
  ].every((args) => spawnSync('ip', args, { stdio: 'ignore' }).status === 0);
  try {
    await run(made);
  } finally {
    spawnSync('ip', ['link', 'delete', 'web0'], { stdio: 'ignore' });
  }
}

const marker = 'SEALWIRE_INTEROP_OWN_NETWORK';
