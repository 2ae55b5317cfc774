import { expect, test } from 'vitest';
import { parseCertificate } from '../index.ts';

/** RFC 9345, appendix B. */
const example = Uint8Array.from(
  atob(
    'MIIFRjCCBMugAwIBAgIQDGevB+lY0o/OecHFSJ6YnTAKBggqhkjOPQQDAzBMMQswCQYDVQQGEwJVUzEVMBMGA1UEChMMRGlnaUNlcnQg' +
      'SW5jMSYwJAYDVQQDEx1EaWdpQ2VydCBFQ0MgU2VjdXJlIFNlcnZlciBDQTAeFw0xOTAzMjYwMDAwMDBaFw0yMTAzMzAxMjAwMDBaMGox' +
      'CzAJBgNVBAYTAlVTMRMwEQYDVQQIEwpDYWxpZm9ybmlhMRYwFAYDVQQHEw1TYW4gRnJhbmNpc2NvMRkwFwYDVQQKExBDbG91ZGZsYXJl' +
      'LCBJbmMuMRMwEQYDVQQDEwprYzJrZG0uY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEd4azI83Bw0fcPgfoeiZpZZnwGuxjBjv+' +
      '+wzE0zAj8vNiUkKxOWSQiGNLn+xlWUpLlw9djRN1rLmVmn2gb9GgdKOCA28wggNrMB8GA1UdIwQYMBaAFKOd5h/52jlPwG7okcuVpdox' +
      '4gqfMB0GA1UdDgQWBBSfcb7fS3fUFAyB91fRcwoDPtgtJjAjBgNVHREEHDAaggprYzJrZG0uY29tggwqLmtjMmtkbS5jb20wDgYDVR0P' +
      'AQH/BAQDAgeAMB0GA1UdJQQWMBQGCCsGAQUFBwMBBggrBgEFBQcDAjBpBgNVHR8EYjBgMC6gLKAqhihodHRwOi8vY3JsMy5kaWdpY2Vy' +
      'dC5jb20vc3NjYS1lY2MtZzEuY3JsMC6gLKAqhihodHRwOi8vY3JsNC5kaWdpY2VydC5jb20vc3NjYS1lY2MtZzEuY3JsMEwGA1UdIARF' +
      'MEMwNwYJYIZIAYb9bAEBMCowKAYIKwYBBQUHAgEWHGh0dHBzOi8vd3d3LmRpZ2ljZXJ0LmNvbS9DUFMwCAYGZ4EMAQICMHsGCCsGAQUF' +
      'BwEBBG8wbTAkBggrBgEFBQcwAYYYaHR0cDovL29jc3AuZGlnaWNlcnQuY29tMEUGCCsGAQUFBzAChjlodHRwOi8vY2FjZXJ0cy5kaWdp' +
      'Y2VydC5jb20vRGlnaUNlcnRFQ0NTZWN1cmVTZXJ2ZXJDQS5jcnQwDAYDVR0TAQH/BAIwADAPBgkrBgEEAYLaSywEAgUAMIIBfgYKKwYB' +
      'BAHWeQIEAgSCAW4EggFqAWgAdgC72d+8H4pxtZOUI5eqkntHOFeVCqtS6BqQlmQ2jh7RhQAAAWm5hYJ5AAAEAwBHMEUCICiGfq+hSThR' +
      'L2m8H0awoDR8OpnEHNkF0nI6nL5yYL/jAiEAxwebGs/T6Es0YarPzoQJrVZqk+sHH/t+jrSrKd5TDjcAdgCHdb/nWXz4jEOZX73zbv9W' +
      'jUdWNv9KtWDBtOr/XqCDDwAAAWm5hYNgAAAEAwBHMEUCIQD9OWA8KGL6bxDKfgIleHJWB0iWieRs88VgJyfAg/aFDgIgQ/OsdSF9XOy1' +
      'foqge0DTDM2FExuw0JR0AGZWXoNtJzMAdgBElGUusO7Or8RAB9io/ijA2uaCvtjLMbU/0zOWtbaBqAAAAWm5hYHgAAAEAwBHMEUCIQC4' +
      'vua1n3BqthEqpA/VBTcsNwMtAwpCuac2IhJ9wx6X/AIgb+o00k28JQo9TMpP4vzJ3BD3HXWSNc2Zizbq7mkUQYMwCgYIKoZIzj0EAwMD' +
      'aQAwZgIxAJsX7d0SuA8ddf/m7IWfNfs3MQfJyGkEezMJX1t6sRso5z50SS12LpXemuGa1FE2ZgIxAL+CDUF5pz7mhrAEIjQ1MqlpF9tH' +
      '40dJGvYZZQ3W23cMzSkDfvlty5S4RfWHIIPjbw==',
  ),
  (character) => character.charCodeAt(0),
);

test('the example certificate of RFC 9345 permits delegation', () => {
  const certificate = parseCertificate(example);
  expect(certificate.delegationUsage).toBe(true);
  expect([...certificate.keyUsage!]).toEqual(['digitalSignature']);
  expect(certificate.readEverything().extensions.get('1.3.6.1.4.1.44363.44')).toMatchObject({
    critical: false,
  });
});
