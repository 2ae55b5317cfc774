import { type Scenario, type Stage, variants } from '../scenario.ts';
import { together } from './together.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;

async function exchange(stage: Stage, maxVersion: 'TLSv1.2' | 'TLSv1.3', bytes: number): Promise<void> {
  const { client, accepted, closed } = await together(stage, { maxVersion }, { maxVersion });
  client.removeAllListeners('data');
  let received = 0;
  client.on('data', (chunk: Buffer) => (received += chunk.length));
  client.write(Buffer.alloc(bytes, 1));
  const socket = await accepted;
  socket.removeAllListeners('data');
  let got = 0;
  socket.on('data', (chunk: Buffer) => {
    got += chunk.length;
    if (got === bytes) socket.end(Buffer.alloc(bytes, 2));
  });
  await closed;
  stage.onServer.note('got', got, socket.bytesRead, socket.bytesWritten);
  stage.onClient.note('got', received, client.bytesRead, client.bytesWritten);
}

export const dataScenarios: readonly Scenario[] = versions.flatMap((version) =>
  variants(
    [1, 16_384, 16_385, 300_000],
    (bytes) => `${version}: ${bytes} bytes each way, the server ends first`,
    (stage, bytes) => exchange(stage, version, bytes),
  ),
);
