import { type ClientOptions, type CustomExtension, serverConfig, type ServerOptions } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { describe, expect, it } from 'vitest';
import { clientCredential, serverCredential, verifyPeer, pairOf } from '../ends.ts';

const type = 0xfedc;
const bytes = (...values: number[]) => Uint8Array.from(values);

function handshake(client: Partial<ClientOptions>, server: Partial<ServerOptions>) {
  return pairOf({ credentials: [clientCredential], ...client }, server).run();
}

const everywhere: CustomExtension = {
  type,
  send: {
    CH: bytes(1),
    SH: bytes(2),
    // An answer that is made of the question.
    EE: ({ request }) => request?.map((byte) => byte + 10),
    CR: bytes(4),
    CT: ({ request }) => request,
  },
  receive: { CH: true, SH: true, EE: true, CR: true, CT: true },
};

describe('customExtensions', () => {
  it('go through every message, and become facts on the other side', () => {
    const options = { customExtensions: [everywhere] };
    const { client, server } = handshake(options, { ...options, clientAuthentication: 'require' });
    const seen = ({ facts }: typeof client) => facts.peerExtensions?.map((each) => [each.in, each.data[0]]);
    expect(client.facts.handshakes).toBe(1);
    expect(seen(client)).toEqual([
      ['SH', 2],
      ['EE', 11],
      ['CR', 4],
      ['CT', 1],
    ]);
    expect(seen(server)).toEqual([
      ['CH', 1],
      ['CT', 4],
    ]);
  });

  it('stand in tickets', () => {
    const { client } = handshake(
      { customExtensions: [{ type, receive: { NST: true } }] },
      {
        customExtensions: [{ type, send: { NST: bytes(8) } }],
        tickets: { count: 1 },
        answers: { verifyPeer, sealTicket: () => ({ ok: true, ticket: bytes(1) }) },
      },
    );
    expect(client.facts.peerExtensions).toEqual([{ in: 'NST', type, data: bytes(8) }]);
  });

  it('are not sent in answer to one who has not asked', () => {
    const { client, server } = handshake({}, { customExtensions: [everywhere] });
    expect([client.facts.handshakes, server.facts.handshakes]).toEqual([1, 1]);
    expect(server.facts).not.toHaveProperty('peerExtensions');
  });

  it('survive a HelloRetryRequest', () => {
    const options = { customExtensions: [everywhere] };
    const { client, server } = handshake({ ...options, keyShares: [] }, options);
    expect(client.facts).toMatchObject({ handshakes: 1, helloRetried: true });
    expect(server.facts.peerExtensions).toEqual([{ in: 'CH', type, data: bytes(1) }]);
  });

  it('can be looked at before a configuration is chosen, whose own count then', () => {
    const chosen = serverConfig({
      provider: nodeProvider,
      credentials: [serverCredential],
      answers: { verifyPeer },
      customExtensions: [{ type, receive: { CH: true }, send: { EE: bytes(9) } }],
    });
    const { client } = handshake(
      { customExtensions: [{ type, send: { CH: bytes(5) }, receive: { EE: true } }] },
      {
        answers: {
          verifyPeer,
          chooseConfig: ({ hello }) => {
            const own = hello.extensions.find((each) => each.type === type);
            return own?.data[0] === 5 ? { ok: true, config: chosen } : { ok: true };
          },
        },
      },
    );
    expect(client.facts.peerExtensions).toEqual([{ in: 'EE', type, data: bytes(9) }]);
  });

  it('what can never work is refused at once', () => {
    const refused: [CustomExtension, string][] = [
      [{ type: 0x10000, receive: { CH: true } }, 'a type is an integer from 0 to 65535, got 65536'],
      [{ type: 0, receive: { CH: true } }, "0x0 is Sealwire's own"],
      [{ type }, 'must name messages of CH, SH, SH12, EE, CR, CT, NST, got "none"'],
      [
        { type, receive: { HRR: true } as never },
        'must name messages of CH, SH, SH12, EE, CR, CT, NST, got "HRR"',
      ],
      [{ type, send: { CH: 'x' as never } }, 'needs a Uint8Array or a function to send'],
      [{ type, receive: { CH: false as never } }, 'true or a function to receive'],
    ];
    for (const [extension, message] of refused) {
      expect(() => handshake({ customExtensions: [extension] }, {})).toThrow(message);
    }
    expect(() => handshake({ customExtensions: [everywhere, everywhere] }, {})).toThrow('stands there twice');
  });
});
