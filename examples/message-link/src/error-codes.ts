/** Why a connection ends, where TLS has not ended it (RFC 9000 §20.1). */
export const frameEncodingError = 0x07;
export const transportParameterError = 0x08;
export const protocolViolation = 0x0a;
export const applicationError = 0x0c;
