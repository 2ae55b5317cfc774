import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { plan } from '../src/plan.ts';
import { missing, run } from '../src/run.ts';
import { maxFrameBytes, SlipReader, slipFrame } from '../src/slip.ts';

describe('SLIP frames', () => {
  it('carry every byte, in whatever pieces they come', () => {
    const bytes = Uint8Array.from({ length: 512 }, (_, at) => at & 0xff);
    const framed = [...slipFrame(bytes), ...slipFrame(bytes)];
    const reader = new SlipReader();
    const frames = framed.flatMap((byte) => reader.read(Uint8Array.of(byte)));
    expect(frames).toEqual([bytes, bytes]);
    // END and ESC of 512 bytes twice each, and END around them.
    expect(framed.length).toBe(2 * (512 + 4 + 2));
  });

  it('refuses what nobody sends, and frames without end', () => {
    expect(() => new SlipReader().read(Uint8Array.of(0xdb, 0x01))).toThrow('after ESC');
    expect(() => new SlipReader().read(Uint8Array.of(0xdb, 0xc0))).toThrow('before the end');
    const longest = new Uint8Array(maxFrameBytes + 1);
    expect(new SlipReader().read(slipFrame(longest.subarray(1)))).toHaveLength(1);
    expect(() => new SlipReader().read(slipFrame(longest))).toThrow('a frame of more than');
  });
});

const isFull = process.env.SEALWIRE_PROFILE === 'full';

describe('the serial link', () => {
  const reason = missing();

  it.skipIf(reason !== undefined)('holds its conversations, and refuses noise', async () => {
    const talks = await run({ baud: 1_000_000, plan });
    expect(talks).toHaveLength(plan.length);
    for (const [i, { client, server }] of talks.entries()) {
      const { mode, resumes, isNoisy } = plan[i]!;
      for (const each of [client, server]) expect([each.mode, each.resumed]).toEqual([mode, resumes]);
      const outcome = [client.failed, server.failed, client.received, server.received];
      if (isNoisy) expect(outcome).toEqual(['received.alert', 'peer.recordAuthenticationFailed', '', '']);
      else expect(outcome).toEqual([undefined, undefined, '21.5 °C', 'temperature?']);
      expect(client.handshakeBytes + server.handshakeBytes).toBeLessThan(resumes ? 1_000 : 600);
    }
    // A key exchange costs each side 32 bytes and what names them.
    expect(talks[2]!.server.handshakeBytes - talks[0]!.server.handshakeBytes).toBeGreaterThan(30);
  });

  it.skipIf(reason !== undefined || !isFull)('needs terminals in raw mode', async () => {
    const cooked = { baud: 1_000_000, plan: plan.slice(0, 1), terminal: 'echo=1', patienceMs: 1_000 };
    const outcome = await run(cooked).then(
      ([talk]) => [talk?.client.failed, talk?.client.received],
      (error: Error) => [error.message, ''],
    );
    expect(outcome).toEqual([expect.stringMatching(/SLIP|peer|local|received/), '']);
  });

  if (reason !== undefined) console.log(`skipped: the serial link: ${reason}`);
  else if (!isFull)
    console.log('skipped: a line of cooked terminals: it takes a second to fail (full profile)');
});

it('bundles nothing of X.509', async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../dist/end.js', import.meta.url))],
    bundle: true,
    metafile: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [file] : [],
  );
  expect(files.filter((file) => /x509|asn1/.test(file))).toEqual([]);
  expect(files.some((file) => file.includes('packages/core/dist'))).toBe(true);
  // The names of what would be there.
  const text = outputFiles[0]?.text ?? '';
  expect(['PathBuilder', 'TrustAnchors', 'basicConstraints'].filter((name) => text.includes(name))).toEqual(
    [],
  );
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;
  expect(JSON.stringify(manifest)).not.toContain('x509');
});
