/**
 * The names that OpenSSL 3.0.19 27 Jan 2026 and OpenSSL 3.5.7 9 Jun 2026 have for object identifiers.
 * Written by scripts/generate-object-names.mjs on 2026-11-21.
 *
 * A line: an identifier, and those below it by their last number. After `=` stands the short name, or short and long name;
 * after `+` what the newer version alone has.
 */
export const objectNamesTable = `
0.3.4401.5.3.1.9: 1=CAMELLIA-128-ECB|camellia-128-ecb;3=CAMELLIA-128-OFB|camellia-128-ofb;4=CAMELLIA-128-CFB|camellia-128-cfb;6=CAMELLIA-128-GCM|camellia-128-gcm;7=CAMELLIA-128-CCM|camellia-128-ccm;9=CAMELLIA-128-CTR|camellia-128-ctr;10=CAMELLIA-128-CMAC|camellia-128-cmac;21=CAMELLIA-192-ECB|camellia-192-ecb;23=CAMELLIA-192-OFB|camellia-192-ofb;24=CAMELLIA-192-CFB|camellia-192-cfb;26=CAMELLIA-192-GCM|camellia-192-gcm;27=CAMELLIA-192-CCM|camellia-192-ccm;29=CAMELLIA-192-CTR|camellia-192-ctr;30=CAMELLIA-192-CMAC|camellia-192-cmac;41=CAMELLIA-256-ECB|camellia-256-ecb;43=CAMELLIA-256-OFB|camellia-256-ofb;44=CAMELLIA-256-CFB|camellia-256-cfb;46=CAMELLIA-256-GCM|camellia-256-gcm;47=CAMELLIA-256-CCM|camellia-256-ccm;49=CAMELLIA-256-CTR|camellia-256-ctr;50=CAMELLIA-256-CMAC|camellia-256-cmac
0: 4+itu-t-identified-organization;9=data
0.4: 0+etsi
0.4.0: 1733+electronic-signature-standard;19122+cades
0.4.0.1733: 2+ess-attributes
0.4.0.1733.2: 1+id-aa-ets-mimeType;2+id-aa-ets-longTermValidation;3+id-aa-ets-SignaturePolicyDocument;4+id-aa-ets-archiveTimestampV3;5+id-aa-ATSHashIndex
0.4.0.19122: 1+cades-attributes
0.4.0.19122.1: 1+id-aa-ets-signerAttrV2;3+id-aa-ets-sigPolicyStore;4+id-aa-ATSHashIndex-v2;5+id-aa-ATSHashIndex-v3;6+signedAssertion
0.9: 2342=pss
0.9.2342: 19200300=ucl
0.9.2342.19200300: 100=pilot
0.9.2342.19200300.100: 1=pilotAttributeType;3=pilotAttributeSyntax;4=pilotObjectClass;10=pilotGroups
0.9.2342.19200300.100.1: 1=UID|userId;2=textEncodedORAddress;3=mail|rfc822Mailbox;4=info;5=favouriteDrink;6=roomNumber;7=photo;8=userClass;9=host;10=manager;11=documentIdentifier;12=documentTitle;13=documentVersion;14=documentAuthor;15=documentLocation;20=homeTelephoneNumber;21=secretary;22=otherMailbox;23=lastModifiedTime;24=lastModifiedBy;25=DC|domainComponent;26=aRecord;27=pilotAttributeType27;28=mXRecord;29=nSRecord;30=sOARecord;31=cNAMERecord;37=associatedDomain;38=associatedName;39=homePostalAddress;40=personalTitle;41=mobileTelephoneNumber;42=pagerTelephoneNumber;43=friendlyCountryName;44=uid|uniqueIdentifier;45=organizationalStatus;46=janetMailbox;47=mailPreferenceOption;48=buildingName;49=dSAQuality;50=singleLevelQuality;51=subtreeMinimumQuality;52=subtreeMaximumQuality;53=personalSignature;54=dITRedirect;55=audio;56=documentPublisher
0.9.2342.19200300.100.3: 4=iA5StringSyntax;5=caseIgnoreIA5StringSyntax
0.9.2342.19200300.100.4: 3=pilotObject;4=pilotPerson;5=account;6=document;7=room;9=documentSeries;13=domain|Domain;14=rFC822localPart;15=dNSDomain;17=domainRelatedObject;18=friendlyCountry;19=simpleSecurityObject;20=pilotOrganization;21=pilotDSA;22=qualityLabelledData
1.0.9797.3: 4=GMAC|gmac
1.0.10118.3.0: 55=whirlpool
1: 2=member-body|ISO Member Body;3=ORG|org
1.2: 156=ISO-CN|ISO CN Member Body;804=ISO-UA;840=ISO-US|ISO US Member Body
1.2.156: 10197=oscca
1.2.156.10197: 1=sm-scheme
1.2.156.10197.1.104: 1=SM4-ECB|sm4-ecb;2=SM4-CBC|sm4-cbc;3=SM4-OFB|sm4-ofb;4=SM4-CFB|sm4-cfb;5=SM4-CFB1|sm4-cfb1;6=SM4-CFB8|sm4-cfb8;7=SM4-CTR|sm4-ctr;8+SM4-GCM|sm4-gcm;9+SM4-CCM|sm4-ccm;10+SM4-XTS|sm4-xts
1.2.156.10197.1: 301=SM2|sm2;401=SM3|sm3;501=SM2-SM3|SM2-with-SM3;504=RSA-SM3|sm3WithRSAEncryption
1.2.156.10197.1.401.3: 1+hmacWithSM3
1.2.392.200011.61.1.1.1: 2=CAMELLIA-128-CBC|camellia-128-cbc;3=CAMELLIA-192-CBC|camellia-192-cbc;4=CAMELLIA-256-CBC|camellia-256-cbc
1.2.392.200011.61.1.1.3: 2=id-camellia128-wrap;3=id-camellia192-wrap;4=id-camellia256-wrap
1.2.410: 200004=KISA|kisa
1.2.410.200004.1: 3=SEED-ECB|seed-ecb;4=SEED-CBC|seed-cbc;5=SEED-CFB|seed-cfb;6=SEED-OFB|seed-ofb
1.2.410.200046.1.1: 1=ARIA-128-ECB|aria-128-ecb;2=ARIA-128-CBC|aria-128-cbc;3=ARIA-128-CFB|aria-128-cfb;4=ARIA-128-OFB|aria-128-ofb;5=ARIA-128-CTR|aria-128-ctr;6=ARIA-192-ECB|aria-192-ecb;7=ARIA-192-CBC|aria-192-cbc;8=ARIA-192-CFB|aria-192-cfb;9=ARIA-192-OFB|aria-192-ofb;10=ARIA-192-CTR|aria-192-ctr;11=ARIA-256-ECB|aria-256-ecb;12=ARIA-256-CBC|aria-256-cbc;13=ARIA-256-CFB|aria-256-cfb;14=ARIA-256-OFB|aria-256-ofb;15=ARIA-256-CTR|aria-256-ctr;34=ARIA-128-GCM|aria-128-gcm;35=ARIA-192-GCM|aria-192-gcm;36=ARIA-256-GCM|aria-256-gcm;37=ARIA-128-CCM|aria-128-ccm;38=ARIA-192-CCM|aria-192-ccm;39=ARIA-256-CCM|aria-256-ccm
1.2.643.2: 2=cryptopro;9=cryptocom
1.2.643.2.2: 3=id-GostR3411-94-with-GostR3410-2001|GOST R 34.11-94 with GOST R 34.10-2001;4=id-GostR3411-94-with-GostR3410-94|GOST R 34.11-94 with GOST R 34.10-94;9=md_gost94|GOST R 34.11-94;10=id-HMACGostR3411-94|HMAC GOST 34.11-94;19=gost2001|GOST R 34.10-2001;20=gost94|GOST R 34.10-94;21=gost89|GOST 28147-89;22=gost-mac|GOST 28147-89 MAC;23=prf-gostr3411-94|GOST R 34.11-94 PRF;98=id-GostR3410-2001DH|GOST R 34.10-2001 DH;99=id-GostR3410-94DH|GOST R 34.10-94 DH
1.2.643.2.2.14: 0=id-Gost28147-89-None-KeyMeshing;1=id-Gost28147-89-CryptoPro-KeyMeshing
1.2.643.2.2.20: 1=id-GostR3410-94-a;2=id-GostR3410-94-aBis;3=id-GostR3410-94-b;4=id-GostR3410-94-bBis
1.2.643.2.2.30: 0=id-GostR3411-94-TestParamSet;1=id-GostR3411-94-CryptoProParamSet
1.2.643.2.2.31: 0=id-Gost28147-89-TestParamSet;1=id-Gost28147-89-CryptoPro-A-ParamSet;2=id-Gost28147-89-CryptoPro-B-ParamSet;3=id-Gost28147-89-CryptoPro-C-ParamSet;4=id-Gost28147-89-CryptoPro-D-ParamSet;5=id-Gost28147-89-CryptoPro-Oscar-1-1-ParamSet;6=id-Gost28147-89-CryptoPro-Oscar-1-0-ParamSet;7=id-Gost28147-89-CryptoPro-RIC-1-ParamSet
1.2.643.2.2.32: 0=id-GostR3410-94-TestParamSet;2=id-GostR3410-94-CryptoPro-A-ParamSet;3=id-GostR3410-94-CryptoPro-B-ParamSet;4=id-GostR3410-94-CryptoPro-C-ParamSet;5=id-GostR3410-94-CryptoPro-D-ParamSet
1.2.643.2.2.33: 1=id-GostR3410-94-CryptoPro-XchA-ParamSet;2=id-GostR3410-94-CryptoPro-XchB-ParamSet;3=id-GostR3410-94-CryptoPro-XchC-ParamSet
1.2.643.2.2.35: 0=id-GostR3410-2001-TestParamSet;1=id-GostR3410-2001-CryptoPro-A-ParamSet;2=id-GostR3410-2001-CryptoPro-B-ParamSet;3=id-GostR3410-2001-CryptoPro-C-ParamSet
1.2.643.2.2.36: 0=id-GostR3410-2001-CryptoPro-XchA-ParamSet;1=id-GostR3410-2001-CryptoPro-XchB-ParamSet
1.2.643.2.9.1.3: 3=id-GostR3411-94-with-GostR3410-94-cc|GOST R 34.11-94 with GOST R 34.10-94 Cryptocom;4=id-GostR3411-94-with-GostR3410-2001-cc|GOST R 34.11-94 with GOST R 34.10-2001 Cryptocom
1.2.643.2.9.1.5: 3=gost94cc|GOST 34.10-94 Cryptocom;4=gost2001cc|GOST 34.10-2001 Cryptocom
1.2.643.2.9.1.6: 1=id-Gost28147-89-cc|GOST 28147-89 Cryptocom ParamSet
1.2.643.2.9.1.8: 1=id-GostR3410-2001-ParamSet-cc|GOST R 3410-2001 Parameter Set Cryptocom
1.2.643.3.131.1: 1=INN
1.2.643.7: 1=id-tc26
1.2.643.7.1: 1=id-tc26-algorithms;2=id-tc26-constants
1.2.643.7.1.1: 1=id-tc26-sign;2=id-tc26-digest;3=id-tc26-signwithdigest;4=id-tc26-mac;5=id-tc26-cipher;6=id-tc26-agreement;7=id-tc26-wrap
1.2.643.7.1.1.1: 1=gost2012_256|GOST R 34.10-2012 with 256 bit modulus;2=gost2012_512|GOST R 34.10-2012 with 512 bit modulus
1.2.643.7.1.1.2: 2=md_gost12_256|GOST R 34.11-2012 with 256 bit hash;3=md_gost12_512|GOST R 34.11-2012 with 512 bit hash
1.2.643.7.1.1.3: 2=id-tc26-signwithdigest-gost3410-2012-256|GOST R 34.10-2012 with GOST R 34.11-2012 (256 bit);3=id-tc26-signwithdigest-gost3410-2012-512|GOST R 34.10-2012 with GOST R 34.11-2012 (512 bit)
1.2.643.7.1.1.4: 1=id-tc26-hmac-gost-3411-2012-256|HMAC GOST 34.11-2012 256 bit;2=id-tc26-hmac-gost-3411-2012-512|HMAC GOST 34.11-2012 512 bit
1.2.643.7.1.1.5: 1=id-tc26-cipher-gostr3412-2015-magma;2=id-tc26-cipher-gostr3412-2015-kuznyechik
1.2.643.7.1.1.5.1: 1=magma-ctr-acpkm;2=magma-ctr-acpkm-omac
1.2.643.7.1.1.5.2: 1=kuznyechik-ctr-acpkm;2=kuznyechik-ctr-acpkm-omac
1.2.643.7.1.1.6: 1=id-tc26-agreement-gost-3410-2012-256;2=id-tc26-agreement-gost-3410-2012-512
1.2.643.7.1.1.7: 1=id-tc26-wrap-gostr3412-2015-magma;2=id-tc26-wrap-gostr3412-2015-kuznyechik
1.2.643.7.1.1.7.1: 1=magma-kexp15
1.2.643.7.1.1.7.2: 1=kuznyechik-kexp15
1.2.643.7.1.2: 1=id-tc26-sign-constants;2=id-tc26-digest-constants;5=id-tc26-cipher-constants
1.2.643.7.1.2.1: 1=id-tc26-gost-3410-2012-256-constants;2=id-tc26-gost-3410-2012-512-constants
1.2.643.7.1.2.1.1: 1=id-tc26-gost-3410-2012-256-paramSetA|GOST R 34.10-2012 (256 bit) ParamSet A;2=id-tc26-gost-3410-2012-256-paramSetB|GOST R 34.10-2012 (256 bit) ParamSet B;3=id-tc26-gost-3410-2012-256-paramSetC|GOST R 34.10-2012 (256 bit) ParamSet C;4=id-tc26-gost-3410-2012-256-paramSetD|GOST R 34.10-2012 (256 bit) ParamSet D
1.2.643.7.1.2.1.2: 0=id-tc26-gost-3410-2012-512-paramSetTest|GOST R 34.10-2012 (512 bit) testing parameter set;1=id-tc26-gost-3410-2012-512-paramSetA|GOST R 34.10-2012 (512 bit) ParamSet A;2=id-tc26-gost-3410-2012-512-paramSetB|GOST R 34.10-2012 (512 bit) ParamSet B;3=id-tc26-gost-3410-2012-512-paramSetC|GOST R 34.10-2012 (512 bit) ParamSet C
1.2.643.7.1.2.5: 1=id-tc26-gost-28147-constants
1.2.643.7.1.2.5.1: 1=id-tc26-gost-28147-param-Z|GOST 28147-89 TC26 parameter set
1.2.643.100: 1=OGRN;3=SNILS;5=OGRNIP;111=subjectSignTool|Signing Tool of Subject;112=issuerSignTool|Signing Tool of Issuer;113=classSignTool|Class of Signing Tool
1.2.643.100.113: 1=classSignToolKC1|Class of Signing Tool KC1;2=classSignToolKC2|Class of Signing Tool KC2;3=classSignToolKC3|Class of Signing Tool KC3;4=classSignToolKB1|Class of Signing Tool KB1;5=classSignToolKB2|Class of Signing Tool KB2;6=classSignToolKA1|Class of Signing Tool KA1
1.2.804.2.1.1: 1=ua-pki
1.2.804.2.1.1.1.1.1: 1=dstu28147|DSTU Gost 28147-2009;2=hmacWithDstu34311|HMAC DSTU Gost 34311-95
1.2.804.2.1.1.1.1.1.1: 2=dstu28147-ofb|DSTU Gost 28147-2009 OFB mode;3=dstu28147-cfb|DSTU Gost 28147-2009 CFB mode;5=dstu28147-wrap|DSTU Gost 28147-2009 key wrap
1.2.804.2.1.1.1.1.2: 1=dstu34311|DSTU Gost 34311-95
1.2.804.2.1.1.1.1.3.1: 1=dstu4145le|DSTU 4145-2002 little endian
1.2.804.2.1.1.1.1.3.1.1.1: 1=dstu4145be|DSTU 4145-2002 big endian
1.2.804.2.1.1.1.1.3.1.1.2: 0=uacurve0|DSTU curve 0;1=uacurve1|DSTU curve 1;2=uacurve2|DSTU curve 2;3=uacurve3|DSTU curve 3;4=uacurve4|DSTU curve 4;5=uacurve5|DSTU curve 5;6=uacurve6|DSTU curve 6;7=uacurve7|DSTU curve 7;8=uacurve8|DSTU curve 8;9=uacurve9|DSTU curve 9
1.2.840: 10040=X9-57|X9.57;10045=ansi-X9-62|ANSI X9.62;113549=rsadsi|RSA Data Security, Inc.
1.2.840.10040.2: 1=holdInstructionNone|Hold Instruction None;2=holdInstructionCallIssuer|Hold Instruction Call Issuer;3=holdInstructionReject|Hold Instruction Reject
1.2.840.10040: 4=X9cm|X9.57 CM ?
1.2.840.10040.4: 1=DSA|dsaEncryption;3=DSA-SHA1|dsaWithSHA1
1.2.840.10045.1: 1=prime-field;2=characteristic-two-field
1.2.840.10045.1.2: 3=id-characteristic-two-basis
1.2.840.10045.1.2.3: 1=onBasis;2=tpBasis;3=ppBasis
1.2.840.10045.2: 1=id-ecPublicKey
1.2.840.10045.3.0: 1=c2pnb163v1;2=c2pnb163v2;3=c2pnb163v3;4=c2pnb176v1;5=c2tnb191v1;6=c2tnb191v2;7=c2tnb191v3;8=c2onb191v4;9=c2onb191v5;10=c2pnb208w1;11=c2tnb239v1;12=c2tnb239v2;13=c2tnb239v3;14=c2onb239v4;15=c2onb239v5;16=c2pnb272w1;17=c2pnb304w1;18=c2tnb359v1;19=c2pnb368w1;20=c2tnb431r1
1.2.840.10045.3.1: 1=prime192v1;2=prime192v2;3=prime192v3;4=prime239v1;5=prime239v2;6=prime239v3;7=prime256v1
1.2.840.10045.4: 1=ecdsa-with-SHA1;2=ecdsa-with-Recommended;3=ecdsa-with-Specified
1.2.840.10045.4.3: 1=ecdsa-with-SHA224;2=ecdsa-with-SHA256;3=ecdsa-with-SHA384;4=ecdsa-with-SHA512
1.2.840.10046.2: 1=dhpublicnumber|X9.42 DH
1.2.840.113533.7.66: 10=CAST5-CBC|cast5-cbc;12=pbeWithMD5AndCast5CBC;13=id-PasswordBasedMAC|password based MAC;30=id-DHBasedMac|Diffie-Hellman based MAC
1.2.840.113549: 1=pkcs|RSA Data Security, Inc. PKCS
1.2.840.113549.1: 1=pkcs1;3=pkcs3;5=pkcs5;7=pkcs7;9=pkcs9
1.2.840.113549.1.1: 1=rsaEncryption;2=RSA-MD2|md2WithRSAEncryption;3=RSA-MD4|md4WithRSAEncryption;4=RSA-MD5|md5WithRSAEncryption;5=RSA-SHA1|sha1WithRSAEncryption;6=rsaOAEPEncryptionSET;7=RSAES-OAEP|rsaesOaep;8=MGF1|mgf1;9=PSPECIFIED|pSpecified;10=RSASSA-PSS|rsassaPss;11=RSA-SHA256|sha256WithRSAEncryption;12=RSA-SHA384|sha384WithRSAEncryption;13=RSA-SHA512|sha512WithRSAEncryption;14=RSA-SHA224|sha224WithRSAEncryption;15=RSA-SHA512/224|sha512-224WithRSAEncryption;16=RSA-SHA512/256|sha512-256WithRSAEncryption
1.2.840.113549.1.3: 1=dhKeyAgreement
1.2.840.113549.1.5: 1=PBE-MD2-DES|pbeWithMD2AndDES-CBC;3=PBE-MD5-DES|pbeWithMD5AndDES-CBC;4=PBE-MD2-RC2-64|pbeWithMD2AndRC2-CBC;6=PBE-MD5-RC2-64|pbeWithMD5AndRC2-CBC;10=PBE-SHA1-DES|pbeWithSHA1AndDES-CBC;11=PBE-SHA1-RC2-64|pbeWithSHA1AndRC2-CBC;12=PBKDF2;13=PBES2;14=PBMAC1
1.2.840.113549.1.7: 1=pkcs7-data;2=pkcs7-signedData;3=pkcs7-envelopedData;4=pkcs7-signedAndEnvelopedData;5=pkcs7-digestData;6=pkcs7-encryptedData
1.2.840.113549.1.9: 1=emailAddress;2=unstructuredName;3=contentType;4=messageDigest;5=signingTime;6=countersignature;7=challengePassword;8=unstructuredAddress;9=extendedCertificateAttributes;14=extReq|Extension Request;15=SMIME-CAPS|S/MIME Capabilities;16=SMIME|S/MIME;20=friendlyName;21=localKeyID;52+id-aa-CMSAlgorithmProtection
1.2.840.113549.1.9.16: 0=id-smime-mod;1=id-smime-ct;2=id-smime-aa;3=id-smime-alg;4=id-smime-cd;5=id-smime-spq;6=id-smime-cti
1.2.840.113549.1.9.16.0: 1=id-smime-mod-cms;2=id-smime-mod-ess;3=id-smime-mod-oid;4=id-smime-mod-msg-v3;5=id-smime-mod-ets-eSignature-88;6=id-smime-mod-ets-eSignature-97;7=id-smime-mod-ets-eSigPolicy-88;8=id-smime-mod-ets-eSigPolicy-97
1.2.840.113549.1.9.16.1: 1=id-smime-ct-receipt;2=id-smime-ct-authData;3=id-smime-ct-publishCert;4=id-smime-ct-TSTInfo;5=id-smime-ct-TDTInfo;6=id-smime-ct-contentInfo;7=id-smime-ct-DVCSRequestData;8=id-smime-ct-DVCSResponseData;9=id-smime-ct-compressedData;19=id-smime-ct-contentCollection;23=id-smime-ct-authEnvelopedData;24=id-ct-routeOriginAuthz;26=id-ct-rpkiManifest;27=id-ct-asciiTextWithCRLF;28=id-ct-xml;35=id-ct-rpkiGhostbusters;36=id-ct-resourceTaggedAttest;47=id-ct-geofeedCSVwithCRLF;48=id-ct-signedChecklist;49+id-ct-ASPA;50+id-ct-signedTAL;51+id-ct-rpkiSignedPrefixList
1.2.840.113549.1.9.16.2: 1=id-smime-aa-receiptRequest;2=id-smime-aa-securityLabel;3=id-smime-aa-mlExpandHistory;4=id-smime-aa-contentHint;5=id-smime-aa-msgSigDigest;6=id-smime-aa-encapContentType;7=id-smime-aa-contentIdentifier;8=id-smime-aa-macValue;9=id-smime-aa-equivalentLabels;10=id-smime-aa-contentReference;11=id-smime-aa-encrypKeyPref;12=id-smime-aa-signingCertificate;13=id-smime-aa-smimeEncryptCerts;14=id-smime-aa-timeStampToken;15=id-smime-aa-ets-sigPolicyId;16=id-smime-aa-ets-commitmentType;17=id-smime-aa-ets-signerLocation;18=id-smime-aa-ets-signerAttr;19=id-smime-aa-ets-otherSigCert;20=id-smime-aa-ets-contentTimestamp;21=id-smime-aa-ets-CertificateRefs;22=id-smime-aa-ets-RevocationRefs;23=id-smime-aa-ets-certValues;24=id-smime-aa-ets-revocationValues;25=id-smime-aa-ets-escTimeStamp;26=id-smime-aa-ets-certCRLTimestamp;27=id-smime-aa-ets-archiveTimeStamp;28=id-smime-aa-signatureType;29=id-smime-aa-dvcs-dvc;44+id-aa-ets-attrCertificateRefs;45+id-aa-ets-attrRevocationRefs;47=id-smime-aa-signingCertificateV2;48+id-aa-ets-archiveTimestampV2
1.2.840.113549.1.9.16.3: 1=id-smime-alg-ESDHwith3DES;2=id-smime-alg-ESDHwithRC2;3=id-smime-alg-3DESwrap;4=id-smime-alg-RC2wrap;5=id-smime-alg-ESDH;6=id-smime-alg-CMS3DESwrap;7=id-smime-alg-CMSRC2wrap;8=ZLIB|zlib compression;9=id-alg-PWRI-KEK
1.2.840.113549.1.9.16.4: 1=id-smime-cd-ldap
1.2.840.113549.1.9.16.5: 1=id-smime-spq-ets-sqt-uri;2=id-smime-spq-ets-sqt-unotice
1.2.840.113549.1.9.16.6: 1=id-smime-cti-ets-proofOfOrigin;2=id-smime-cti-ets-proofOfReceipt;3=id-smime-cti-ets-proofOfDelivery;4=id-smime-cti-ets-proofOfSender;5=id-smime-cti-ets-proofOfApproval;6=id-smime-cti-ets-proofOfCreation
1.2.840.113549.1.9.22: 1=x509Certificate;2=sdsiCertificate
1.2.840.113549.1.9.23: 1=x509Crl
1.2.840.113549.1.12.1: 1=PBE-SHA1-RC4-128|pbeWithSHA1And128BitRC4;2=PBE-SHA1-RC4-40|pbeWithSHA1And40BitRC4;3=PBE-SHA1-3DES|pbeWithSHA1And3-KeyTripleDES-CBC;4=PBE-SHA1-2DES|pbeWithSHA1And2-KeyTripleDES-CBC;5=PBE-SHA1-RC2-128|pbeWithSHA1And128BitRC2-CBC;6=PBE-SHA1-RC2-40|pbeWithSHA1And40BitRC2-CBC
1.2.840.113549.1.12.10.1: 1=keyBag;2=pkcs8ShroudedKeyBag;3=certBag;4=crlBag;5=secretBag;6=safeContentsBag
1.2.840.113549.2: 2=MD2|md2;4=MD4|md4;5=MD5|md5;6=hmacWithMD5;7=hmacWithSHA1;8=hmacWithSHA224;9=hmacWithSHA256;10=hmacWithSHA384;11=hmacWithSHA512;12=hmacWithSHA512-224;13=hmacWithSHA512-256
1.2.840.113549.3: 2=RC2-CBC|rc2-cbc;4=RC4|rc4;7=DES-EDE3-CBC|des-ede3-cbc;8=RC5-CBC|rc5-cbc;10=DES-CDMF|des-cdmf
1.3: 6=DOD|dod;111=ieee;132=certicom-arc
1.3.6: 1=IANA|iana
1.3.6.1: 1=directory|Directory;2=mgmt|Management;3=experimental|Experimental;4=private|Private;5=security|Security;6=snmpv2|SNMPv2;7=Mail
1.3.6.1.4: 1=enterprises|Enterprises
1.3.6.1.4.1.188.7.1.1: 2=IDEA-CBC|idea-cbc
1.3.6.1.4.1.311.2.1: 14=msExtReq|Microsoft Extension Request;21=msCodeInd|Microsoft Individual Code Signing;22=msCodeCom|Microsoft Commercial Code Signing
1.3.6.1.4.1.311.10.3: 1=msCTLSign|Microsoft Trust List Signing;3=msSGC|Microsoft Server Gated Crypto;4=msEFS|Microsoft Encrypted File System
1.3.6.1.4.1.311.17: 1=CSPName|Microsoft CSP Name;2=LocalKeySet|Microsoft Local Key set
1.3.6.1.4.1.311.20.2: 2=msSmartcardLogin|Microsoft Smartcard Login;3=msUPN|Microsoft User Principal Name
1.3.6.1.4.1.311.21: 7+ms-cert-templ|Microsoft certificate template;10+ms-app-policies|Microsoft Application Policies Extension
1.3.6.1.4.1.311.25: 2+ms-ntds-sec-ext|Microsoft NTDS CA Extension
1.3.6.1.4.1.311.25.2: 1+ms-ntds-obj-sid|Microsoft NTDS AD objectSid
1.3.6.1.4.1.311.60.2.1: 1=jurisdictionL|jurisdictionLocalityName;2=jurisdictionST|jurisdictionStateOrProvinceName;3=jurisdictionC|jurisdictionCountryName
1.3.6.1.4.1.1466: 344=dcobject|dcObject
1.3.6.1.4.1.1722.12.2: 1=BLAKE2BMAC|blake2bmac;2=BLAKE2SMAC|blake2smac
1.3.6.1.4.1.1722.12.2.1: 16=BLAKE2b512|blake2b512
1.3.6.1.4.1.1722.12.2.2: 8=BLAKE2s256|blake2s256
1.3.6.1.4.1.3029.1: 2=BF-CBC|bf-cbc
1.3.6.1.4.1.11129.2.4: 2=ct_precert_scts|CT Precertificate SCTs;3=ct_precert_poison|CT Precertificate Poison;4=ct_precert_signer|CT Precertificate Signer;5=ct_cert_scts|CT Certificate SCTs
1.3.6.1.4.1.11591.4: 11=id-scrypt|scrypt
1.3.6.1.4.1.45605: 1+id-kp-wisun-fan-device|Wi-SUN Alliance Field Area Network (FAN)
1.3.6.1.5.2: 3=id-pkinit
1.3.6.1.5.2.3: 4=pkInitClientAuth|PKINIT Client Auth;5=pkInitKDC|Signing KDC Response
1.3.6.1.5.5: 7=PKIX
1.3.6.1.5.5.7: 0=id-pkix-mod;1=id-pe;2=id-qt;3=id-kp;4=id-it;5=id-pkip;6=id-alg;7=id-cmc;8=id-on;9=id-pda;10=id-aca;11=id-qcs;12=id-cct;14=id-cp;21=id-ppl;48=id-ad
1.3.6.1.5.5.7.0: 1=id-pkix1-explicit-88;2=id-pkix1-implicit-88;3=id-pkix1-explicit-93;4=id-pkix1-implicit-93;5=id-mod-crmf;6=id-mod-cmc;7=id-mod-kea-profile-88;8=id-mod-kea-profile-93;9=id-mod-cmp;10=id-mod-qualified-cert-88;11=id-mod-qualified-cert-93;12=id-mod-attribute-cert;13=id-mod-timestamp-protocol;14=id-mod-ocsp;15=id-mod-dvcs;16=id-mod-cmp2000;50+id-mod-cmp2000-02;99+id-mod-cmp2021-88;100+id-mod-cmp2021-02
1.3.6.1.5.5.7.1: 1=authorityInfoAccess|Authority Information Access;2=biometricInfo|Biometric Info;3=qcStatements;4=ac-auditEntity;4+ac-auditIdentity|X509v3 Audit Identity;5=ac-targeting;6=aaControls;7=sbgp-ipAddrBlock;8=sbgp-autonomousSysNum;9=sbgp-routerIdentifier;10=ac-proxying;11=subjectInfoAccess|Subject Information Access;14=proxyCertInfo|Proxy Certificate Information;24=tlsfeature|TLS Feature;28=sbgp-ipAddrBlockv2;29=sbgp-autonomousSysNumv2
1.3.6.1.5.5.7.2: 1=id-qt-cps|Policy Qualifier CPS;2=id-qt-unotice|Policy Qualifier User Notice;3=textNotice
1.3.6.1.5.5.7.3: 1=serverAuth|TLS Web Server Authentication;2=clientAuth|TLS Web Client Authentication;3=codeSigning|Code Signing;4=emailProtection|E-mail Protection;5=ipsecEndSystem|IPSec End System;6=ipsecTunnel|IPSec Tunnel;7=ipsecUser|IPSec User;8=timeStamping|Time Stamping;9=OCSPSigning|OCSP Signing;10=DVCS|dvcs;17=ipsecIKE|ipsec Internet Key Exchange;18=capwapAC|Ctrl/provision WAP Access;19=capwapWTP|Ctrl/Provision WAP Termination;21=secureShellClient|SSH Client;22=secureShellServer|SSH Server;23=sendRouter|Send Router;24=sendProxiedRouter|Send Proxied Router;25=sendOwner|Send Owner;26=sendProxiedOwner|Send Proxied Owner;27=cmcCA|CMC Certificate Authority;28=cmcRA|CMC Registration Authority;29=cmcArchive|CMC Archive Server;30=id-kp-bgpsec-router|BGPsec Router;31=id-kp-BrandIndicatorforMessageIdentification|Brand Indicator for Message Identification;32=cmKGA|Certificate Management Key Generation Authority
1.3.6.1.5.5.7.4: 1=id-it-caProtEncCert;2=id-it-signKeyPairTypes;3=id-it-encKeyPairTypes;4=id-it-preferredSymmAlg;5=id-it-caKeyUpdateInfo;6=id-it-currentCRL;7=id-it-unsupportedOIDs;8=id-it-subscriptionRequest;9=id-it-subscriptionResponse;10=id-it-keyPairParamReq;11=id-it-keyPairParamRep;12=id-it-revPassphrase;13=id-it-implicitConfirm;14=id-it-confirmWaitTime;15=id-it-origPKIMessage;16=id-it-suppLangTags;17=id-it-caCerts;18=id-it-rootCaKeyUpdate;19=id-it-certReqTemplate;20+id-it-rootCaCert;21+id-it-certProfile;22+id-it-crlStatusList;23+id-it-crls
1.3.6.1.5.5.7.5: 1=id-regCtrl;2=id-regInfo
1.3.6.1.5.5.7.5.1: 1=id-regCtrl-regToken;2=id-regCtrl-authenticator;3=id-regCtrl-pkiPublicationInfo;4=id-regCtrl-pkiArchiveOptions;5=id-regCtrl-oldCertID;6=id-regCtrl-protocolEncrKey;7+id-regCtrl-altCertTemplate;11+id-regCtrl-algId;12+id-regCtrl-rsaKeyLen
1.3.6.1.5.5.7.5.2: 1=id-regInfo-utf8Pairs;2=id-regInfo-certReq
1.3.6.1.5.5.7.6: 1=id-alg-des40;2=id-alg-noSignature;3=id-alg-dh-sig-hmac-sha1;4=id-alg-dh-pop
1.3.6.1.5.5.7.7: 1=id-cmc-statusInfo;2=id-cmc-identification;3=id-cmc-identityProof;4=id-cmc-dataReturn;5=id-cmc-transactionId;6=id-cmc-senderNonce;7=id-cmc-recipientNonce;8=id-cmc-addExtensions;9=id-cmc-encryptedPOP;10=id-cmc-decryptedPOP;11=id-cmc-lraPOPWitness;15=id-cmc-getCert;16=id-cmc-getCRL;17=id-cmc-revokeRequest;18=id-cmc-regInfo;19=id-cmc-responseInfo;21=id-cmc-queryPending;22=id-cmc-popLinkRandom;23=id-cmc-popLinkWitness;24=id-cmc-confirmCertAcceptance
1.3.6.1.5.5.7.8: 1=id-on-personalData;3=id-on-permanentIdentifier|Permanent Identifier;4+id-on-hardwareModuleName|Hardware Module Name;5=id-on-xmppAddr|XmppAddr;7=id-on-dnsSRV|SRVName;8=id-on-NAIRealm|NAIRealm;9=id-on-SmtpUTF8Mailbox|Smtp UTF8 Mailbox
1.3.6.1.5.5.7.9: 1=id-pda-dateOfBirth;2=id-pda-placeOfBirth;3=id-pda-gender;4=id-pda-countryOfCitizenship;5=id-pda-countryOfResidence
1.3.6.1.5.5.7.10: 1=id-aca-authenticationInfo;2=id-aca-accessIdentity;3=id-aca-chargingIdentity;4=id-aca-group;5=id-aca-role;6=id-aca-encAttrs
1.3.6.1.5.5.7.11: 1=id-qcs-pkixQCSyntax-v1
1.3.6.1.5.5.7.12: 1=id-cct-crs;2=id-cct-PKIData;3=id-cct-PKIResponse
1.3.6.1.5.5.7.14: 2=ipAddr-asNumber;3=ipAddr-asNumberv2
1.3.6.1.5.5.7.21: 0=id-ppl-anyLanguage|Any language;1=id-ppl-inheritAll|Inherit all;2=id-ppl-independent|Independent
1.3.6.1.5.5.7.48: 1=OCSP;2=caIssuers|CA Issuers;3=ad_timestamping|AD Time Stamping;4=AD_DVCS|ad dvcs;5=caRepository|CA Repository;10=rpkiManifest|RPKI Manifest;11=signedObject|Signed Object;13=rpkiNotify|RPKI Notify
1.3.6.1.5.5.7.48.1: 1=basicOCSPResponse|Basic OCSP Response;2=Nonce|OCSP Nonce;3=CrlID|OCSP CRL ID;4=acceptableResponses|Acceptable OCSP Responses;5=noCheck|OCSP No Check;6=archiveCutoff|OCSP Archive Cutoff;7=serviceLocator|OCSP Service Locator;8=extendedStatus|Extended OCSP Status;9=valid;10=path;11=trustRoot|Trust Root
1.3.6.1.5.5.8.1: 1=HMAC-MD5|hmac-md5;2=HMAC-SHA1|hmac-sha1
1.3.6.1.7: 1=mime-mhs|MIME MHS
1.3.6.1.7.1: 1=mime-mhs-headings;2=mime-mhs-bodies
1.3.6.1.7.1.1: 1=id-hex-partial-message;2=id-hex-multipart-message
1.3.14.3: 2=algorithm
1.3.14.3.2: 3=RSA-NP-MD5|md5WithRSA;6=DES-ECB|des-ecb;7=DES-CBC|des-cbc;8=DES-OFB|des-ofb;9=DES-CFB|des-cfb;11=rsaSignature;12=DSA-old|dsaEncryption-old;13=DSA-SHA|dsaWithSHA;15=RSA-SHA|shaWithRSAEncryption;17=DES-EDE|des-ede;18=SHA|sha;26=SHA1|sha1;27=DSA-SHA1-old|dsaWithSHA1-old;29=RSA-SHA1-2|sha1WithRSA
1.3.36.3.2: 1=RIPEMD160|ripemd160
1.3.36.3.3.1: 2=RSA-RIPEMD160|ripemd160WithRSA
1.3.36.3.3.2.8.1.1: 1=brainpoolP160r1;2=brainpoolP160t1;3=brainpoolP192r1;4=brainpoolP192t1;5=brainpoolP224r1;6=brainpoolP224t1;7=brainpoolP256r1;8=brainpoolP256t1;9=brainpoolP320r1;10=brainpoolP320t1;11=brainpoolP384r1;12=brainpoolP384t1;13=brainpoolP512r1;14=brainpoolP512t1
1.3.36.8.3: 3=x509ExtAdmission|Professional Information or basis for Admission
1.3.101.1.4: 1=SXNetID|Strong Extranet ID
1.3.101: 110=X25519;111=X448;112=ED25519;113=ED448
1.3.111.2: 1619=ieee-siswg|IEEE Security in Storage Working Group
1.3.111.2.1619.0.1: 1=AES-128-XTS|aes-128-xts;2=AES-256-XTS|aes-256-xts
1.3.132.0: 1=sect163k1;2=sect163r1;3=sect239k1;4=sect113r1;5=sect113r2;6=secp112r1;7=secp112r2;8=secp160r1;9=secp160k1;10=secp256k1;15=sect163r2;16=sect283k1;17=sect283r1;22=sect131r1;23=sect131r2;24=sect193r1;25=sect193r2;26=sect233k1;27=sect233r1;28=secp128r1;29=secp128r2;30=secp160r2;31=secp192k1;32=secp224k1;33=secp224r1;34=secp384r1;35=secp521r1;36=sect409k1;37=sect409r1;38=sect571k1;39=sect571r1
1.3.132.1.11: 0=dhSinglePass-stdDH-sha224kdf-scheme;1=dhSinglePass-stdDH-sha256kdf-scheme;2=dhSinglePass-stdDH-sha384kdf-scheme;3=dhSinglePass-stdDH-sha512kdf-scheme
1.3.132.1.14: 0=dhSinglePass-cofactorDH-sha224kdf-scheme;1=dhSinglePass-cofactorDH-sha256kdf-scheme;2=dhSinglePass-cofactorDH-sha384kdf-scheme;3=dhSinglePass-cofactorDH-sha512kdf-scheme
1.3.133.16.840.63.0: 2=dhSinglePass-stdDH-sha1kdf-scheme;3=dhSinglePass-cofactorDH-sha1kdf-scheme
2: 5=X500|directory services (X.500);23=international-organizations|International Organizations
2.5.1: 5=selected-attribute-types|Selected Attribute Types
2.5.1.5: 55=clearance
2.5: 4=X509;8=X500algorithms|directory services - algorithms;29=id-ce
2.5.4: 3=CN|commonName;4=SN|surname;5=serialNumber;6=C|countryName;7=L|localityName;8=ST|stateOrProvinceName;9=street|streetAddress;10=O|organizationName;11=OU|organizationalUnitName;12=title;13=description;14=searchGuide;15=businessCategory;16=postalAddress;17=postalCode;18=postOfficeBox;19=physicalDeliveryOfficeName;20=telephoneNumber;21=telexNumber;22=teletexTerminalIdentifier;23=facsimileTelephoneNumber;24=x121Address;25=internationaliSDNNumber;26=registeredAddress;27=destinationIndicator;28=preferredDeliveryMethod;29=presentationAddress;30=supportedApplicationContext;31=member;32=owner;33=roleOccupant;34=seeAlso;35=userPassword;36=userCertificate;37=cACertificate;38=authorityRevocationList;39=certificateRevocationList;40=crossCertificatePair;41=name;42=GN|givenName;43=initials;44=generationQualifier;45=x500UniqueIdentifier;46=dnQualifier;47=enhancedSearchGuide;48=protocolInformation;49=distinguishedName;50=uniqueMember;51=houseIdentifier;52=supportedAlgorithms;53=deltaRevocationList;54=dmdName;65=pseudonym;72=role;97=organizationIdentifier;98=c3|countryCode3c;99=n3|countryCode3n;100=dnsName
2.5.8.1: 1=RSA|rsa
2.5.8.3: 100=RSA-MDC2|mdc2WithRSA;101=MDC2|mdc2
2.5.29: 9=subjectDirectoryAttributes|X509v3 Subject Directory Attributes;14=subjectKeyIdentifier|X509v3 Subject Key Identifier;15=keyUsage|X509v3 Key Usage;16=privateKeyUsagePeriod|X509v3 Private Key Usage Period;17=subjectAltName|X509v3 Subject Alternative Name;18=issuerAltName|X509v3 Issuer Alternative Name;19=basicConstraints|X509v3 Basic Constraints;20=crlNumber|X509v3 CRL Number;21=CRLReason|X509v3 CRL Reason Code;23=holdInstructionCode|Hold Instruction Code;24=invalidityDate|Invalidity Date;27=deltaCRL|X509v3 Delta CRL Indicator;28=issuingDistributionPoint|X509v3 Issuing Distribution Point;29=certificateIssuer|X509v3 Certificate Issuer;30=nameConstraints|X509v3 Name Constraints;31=crlDistributionPoints|X509v3 CRL Distribution Points;32=certificatePolicies|X509v3 Certificate Policies;33=policyMappings|X509v3 Policy Mappings;35=authorityKeyIdentifier|X509v3 Authority Key Identifier;36=policyConstraints|X509v3 Policy Constraints;37=extendedKeyUsage|X509v3 Extended Key Usage;38+authorityAttributeIdentifier|X509v3 Authority Attribute Identifier;39+roleSpecCertIdentifier|X509v3 Role Specification Certificate Identifier;41+basicAttConstraints|X509v3 Basic Attribute Certificate Constraints;42+delegatedNameConstraints|X509v3 Delegated Name Constraints;43+timeSpecification|X509v3 Time Specification;46=freshestCRL|X509v3 Freshest CRL;48+attributeDescriptor|X509v3 Attribute Descriptor;49+userNotice|X509v3 User Notice;50+sOAIdentifier|X509v3 Source of Authority Identifier;52+acceptableCertPolicies|X509v3 Acceptable Certification Policies;54=inhibitAnyPolicy|X509v3 Inhibit Any Policy;55=targetInformation|X509v3 AC Targeting;56=noRevAvail|X509v3 No Revocation Available;57+acceptablePrivPolicies|X509v3 Acceptable Privilege Policies;61+indirectIssuer|X509v3 Indirect Issuer;62+noAssertion|X509v3 No Assertion;63+aAissuingDistributionPoint|X509v3 Attribute Authority Issuing Distribution Point;64+issuedOnBehalfOf|X509v3 Issued On Behalf Of;65+singleUse|X509v3 Single Use;66+groupAC|X509v3 Group Attribute Certificate;67+allowedAttributeAssignments|X509v3 Allowed Attribute Assignments;68+attributeMappings|X509v3 Attribute Mappings;69+holderNameConstraints|X509v3 Holder Name Constraints;70+authorizationValidation|X509v3 Authorization Validation;71+protRestrict|X509v3 Protocol Restriction;72+subjectAltPublicKeyInfo|X509v3 Subject Alternative Public Key Info;73+altSignatureAlgorithm|X509v3 Alternative Signature Algorithm;74+altSignatureValue|X509v3 Alternative Signature Value;75+associatedInformation|X509v3 Associated Information
2.5.29.32: 0=anyPolicy|X509v3 Any Policy
2.5.29.37: 0=anyExtendedKeyUsage|Any Extended Key Usage
2.16.840.1.101.3.4.1: 1=AES-128-ECB|aes-128-ecb;2=AES-128-CBC|aes-128-cbc;3=AES-128-OFB|aes-128-ofb;4=AES-128-CFB|aes-128-cfb;5=id-aes128-wrap;6=id-aes128-GCM|aes-128-gcm;7=id-aes128-CCM|aes-128-ccm;8=id-aes128-wrap-pad;21=AES-192-ECB|aes-192-ecb;22=AES-192-CBC|aes-192-cbc;23=AES-192-OFB|aes-192-ofb;24=AES-192-CFB|aes-192-cfb;25=id-aes192-wrap;26=id-aes192-GCM|aes-192-gcm;27=id-aes192-CCM|aes-192-ccm;28=id-aes192-wrap-pad;41=AES-256-ECB|aes-256-ecb;42=AES-256-CBC|aes-256-cbc;43=AES-256-OFB|aes-256-ofb;44=AES-256-CFB|aes-256-cfb;45=id-aes256-wrap;46=id-aes256-GCM|aes-256-gcm;47=id-aes256-CCM|aes-256-ccm;48=id-aes256-wrap-pad
2.16.840.1.101.3.4.2: 1=SHA256|sha256;2=SHA384|sha384;3=SHA512|sha512;4=SHA224|sha224;5=SHA512-224|sha512-224;6=SHA512-256|sha512-256;7=SHA3-224|sha3-224;8=SHA3-256|sha3-256;9=SHA3-384|sha3-384;10=SHA3-512|sha3-512;11=SHAKE128|shake128;12=SHAKE256|shake256;13=id-hmacWithSHA3-224|hmac-sha3-224;14=id-hmacWithSHA3-256|hmac-sha3-256;15=id-hmacWithSHA3-384|hmac-sha3-384;16=id-hmacWithSHA3-512|hmac-sha3-512;19=KMAC128|kmac128;20=KMAC256|kmac256
2.16.840.1.101.3.4.3: 1=dsa_with_SHA224;2=dsa_with_SHA256;3=id-dsa-with-sha384|dsa_with_SHA384;4=id-dsa-with-sha512|dsa_with_SHA512;5=id-dsa-with-sha3-224|dsa_with_SHA3-224;6=id-dsa-with-sha3-256|dsa_with_SHA3-256;7=id-dsa-with-sha3-384|dsa_with_SHA3-384;8=id-dsa-with-sha3-512|dsa_with_SHA3-512;9=id-ecdsa-with-sha3-224|ecdsa_with_SHA3-224;10=id-ecdsa-with-sha3-256|ecdsa_with_SHA3-256;11=id-ecdsa-with-sha3-384|ecdsa_with_SHA3-384;12=id-ecdsa-with-sha3-512|ecdsa_with_SHA3-512;13=id-rsassa-pkcs1-v1_5-with-sha3-224|RSA-SHA3-224;14=id-rsassa-pkcs1-v1_5-with-sha3-256|RSA-SHA3-256;15=id-rsassa-pkcs1-v1_5-with-sha3-384|RSA-SHA3-384;16=id-rsassa-pkcs1-v1_5-with-sha3-512|RSA-SHA3-512;17+id-ml-dsa-44|ML-DSA-44;18+id-ml-dsa-65|ML-DSA-65;19+id-ml-dsa-87|ML-DSA-87;20+id-slh-dsa-sha2-128s|SLH-DSA-SHA2-128s;21+id-slh-dsa-sha2-128f|SLH-DSA-SHA2-128f;22+id-slh-dsa-sha2-192s|SLH-DSA-SHA2-192s;23+id-slh-dsa-sha2-192f|SLH-DSA-SHA2-192f;24+id-slh-dsa-sha2-256s|SLH-DSA-SHA2-256s;25+id-slh-dsa-sha2-256f|SLH-DSA-SHA2-256f;26+id-slh-dsa-shake-128s|SLH-DSA-SHAKE-128s;27+id-slh-dsa-shake-128f|SLH-DSA-SHAKE-128f;28+id-slh-dsa-shake-192s|SLH-DSA-SHAKE-192s;29+id-slh-dsa-shake-192f|SLH-DSA-SHAKE-192f;30+id-slh-dsa-shake-256s|SLH-DSA-SHAKE-256s;31+id-slh-dsa-shake-256f|SLH-DSA-SHAKE-256f;32+id-hash-ml-dsa-44-with-sha512|HASH-ML-DSA-44-WITH-SHA512;33+id-hash-ml-dsa-65-with-sha512|HASH-ML-DSA-65-WITH-SHA512;34+id-hash-ml-dsa-87-with-sha512|HASH-ML-DSA-87-WITH-SHA512;35+id-hash-slh-dsa-sha2-128s-with-sha256|SLH-DSA-SHA2-128s-WITH-SHA256;36+id-hash-slh-dsa-sha2-128f-with-sha256|SLH-DSA-SHA2-128f-WITH-SHA256;37+id-hash-slh-dsa-sha2-192s-with-sha512|SLH-DSA-SHA2-192s-WITH-SHA512;38+id-hash-slh-dsa-sha2-192f-with-sha512|SLH-DSA-SHA2-192f-WITH-SHA512;39+id-hash-slh-dsa-sha2-256s-with-sha512|SLH-DSA-SHA2-256s-WITH-SHA512;40+id-hash-slh-dsa-sha2-256f-with-sha512|SLH-DSA-SHA2-256f-WITH-SHA512;41+id-hash-slh-dsa-shake-128s-with-shake128|SLH-DSA-SHAKE-128s-WITH-SHAKE128;42+id-hash-slh-dsa-shake-128f-with-shake128|SLH-DSA-SHAKE-128f-WITH-SHAKE128;43+id-hash-slh-dsa-shake-192s-with-shake256|SLH-DSA-SHAKE-192s-WITH-SHAKE256;44+id-hash-slh-dsa-shake-192f-with-shake256|SLH-DSA-SHAKE-192f-WITH-SHAKE256;45+id-hash-slh-dsa-shake-256s-with-shake256|SLH-DSA-SHAKE-256s-WITH-SHAKE256;46+id-hash-slh-dsa-shake-256f-with-shake256|SLH-DSA-SHAKE-256f-WITH-SHAKE256
2.16.840.1.101.3.4.4: 1+id-alg-ml-kem-512|ML-KEM-512;2+id-alg-ml-kem-768|ML-KEM-768;3+id-alg-ml-kem-1024|ML-KEM-1024
2.16.840.1: 113730=Netscape|Netscape Communications Corp.;113894+oracle-organization|Oracle organization
2.16.840.1.113730: 1=nsCertExt|Netscape Certificate Extension;2=nsDataType|Netscape Data Type
2.16.840.1.113730.1: 1=nsCertType|Netscape Cert Type;2=nsBaseUrl|Netscape Base Url;3=nsRevocationUrl|Netscape Revocation Url;4=nsCaRevocationUrl|Netscape CA Revocation Url;7=nsRenewalUrl|Netscape Renewal Url;8=nsCaPolicyUrl|Netscape CA Policy Url;12=nsSslServerName|Netscape SSL Server Name;13=nsComment|Netscape Comment
2.16.840.1.113730.2: 5=nsCertSequence|Netscape Certificate Sequence
2.16.840.1.113730.4: 1=nsSGC|Netscape Server Gated Crypto
2.16.840.1.113894.746875.1: 1+oracle-jdk-trustedkeyusage|Trusted key usage (Oracle)
2.23: 42=id-set|Secure Electronic Transactions;43=wap;133+tcg|Trusted Computing Group
2.23.42: 0=set-ctype|content types;1=set-msgExt|message extensions;3=set-attr;5=set-policy;7=set-certExt|certificate extensions;8=set-brand
2.23.42.0: 0=setct-PANData;1=setct-PANToken;2=setct-PANOnly;3=setct-OIData;4=setct-PI;5=setct-PIData;6=setct-PIDataUnsigned;7=setct-HODInput;8=setct-AuthResBaggage;9=setct-AuthRevReqBaggage;10=setct-AuthRevResBaggage;11=setct-CapTokenSeq;12=setct-PInitResData;13=setct-PI-TBS;14=setct-PResData;16=setct-AuthReqTBS;17=setct-AuthResTBS;18=setct-AuthResTBSX;19=setct-AuthTokenTBS;20=setct-CapTokenData;21=setct-CapTokenTBS;22=setct-AcqCardCodeMsg;23=setct-AuthRevReqTBS;24=setct-AuthRevResData;25=setct-AuthRevResTBS;26=setct-CapReqTBS;27=setct-CapReqTBSX;28=setct-CapResData;29=setct-CapRevReqTBS;30=setct-CapRevReqTBSX;31=setct-CapRevResData;32=setct-CredReqTBS;33=setct-CredReqTBSX;34=setct-CredResData;35=setct-CredRevReqTBS;36=setct-CredRevReqTBSX;37=setct-CredRevResData;38=setct-PCertReqData;39=setct-PCertResTBS;40=setct-BatchAdminReqData;41=setct-BatchAdminResData;42=setct-CardCInitResTBS;43=setct-MeAqCInitResTBS;44=setct-RegFormResTBS;45=setct-CertReqData;46=setct-CertReqTBS;47=setct-CertResData;48=setct-CertInqReqTBS;49=setct-ErrorTBS;50=setct-PIDualSignedTBE;51=setct-PIUnsignedTBE;52=setct-AuthReqTBE;53=setct-AuthResTBE;54=setct-AuthResTBEX;55=setct-AuthTokenTBE;56=setct-CapTokenTBE;57=setct-CapTokenTBEX;58=setct-AcqCardCodeMsgTBE;59=setct-AuthRevReqTBE;60=setct-AuthRevResTBE;61=setct-AuthRevResTBEB;62=setct-CapReqTBE;63=setct-CapReqTBEX;64=setct-CapResTBE;65=setct-CapRevReqTBE;66=setct-CapRevReqTBEX;67=setct-CapRevResTBE;68=setct-CredReqTBE;69=setct-CredReqTBEX;70=setct-CredResTBE;71=setct-CredRevReqTBE;72=setct-CredRevReqTBEX;73=setct-CredRevResTBE;74=setct-BatchAdminReqTBE;75=setct-BatchAdminResTBE;76=setct-RegFormReqTBE;77=setct-CertReqTBE;78=setct-CertReqTBEX;79=setct-CertResTBE;80=setct-CRLNotificationTBS;81=setct-CRLNotificationResTBS;82=setct-BCIDistributionTBS
2.23.42.1: 1=setext-genCrypt|generic cryptogram;3=setext-miAuth|merchant initiated auth;4=setext-pinSecure;5=setext-pinAny;7=setext-track2;8=setext-cv|additional verification
2.23.42.3: 0=setAttr-Cert;1=setAttr-PGWYcap|payment gateway capabilities;2=setAttr-TokenType;3=setAttr-IssCap|issuer capabilities
2.23.42.3.0: 0=set-rootKeyThumb;1=set-addPolicy
2.23.42.3.2: 1=setAttr-Token-EMV;2=setAttr-Token-B0Prime
2.23.42.3.3: 3=setAttr-IssCap-CVM;4=setAttr-IssCap-T2;5=setAttr-IssCap-Sig
2.23.42.3.3.3: 1=setAttr-GenCryptgrm|generate cryptogram
2.23.42.3.3.4: 1=setAttr-T2Enc|encrypted track 2;2=setAttr-T2cleartxt|cleartext track 2
2.23.42.3.3.5: 1=setAttr-TokICCsig|ICC or token signature;2=setAttr-SecDevSig|secure device signature
2.23.42.5: 0=set-policy-root
2.23.42.7: 0=setCext-hashedRoot;1=setCext-certType;2=setCext-merchData;3=setCext-cCertRequired;4=setCext-tunneling;5=setCext-setExt;6=setCext-setQualf;7=setCext-PGWYcapabilities;8=setCext-TokenIdentifier;9=setCext-Track2Data;10=setCext-TokenType;11=setCext-IssuerCapabilities
2.23.42.8: 1=set-brand-IATA-ATA;4=set-brand-Visa;5=set-brand-MasterCard;30=set-brand-Diners;34=set-brand-AmericanExpress;35=set-brand-JCB;6011=set-brand-Novus
2.23.43: 1=wap-wsg
2.23.43.1.4: 1=wap-wsg-idm-ecid-wtls1;3=wap-wsg-idm-ecid-wtls3;4=wap-wsg-idm-ecid-wtls4;5=wap-wsg-idm-ecid-wtls5;6=wap-wsg-idm-ecid-wtls6;7=wap-wsg-idm-ecid-wtls7;8=wap-wsg-idm-ecid-wtls8;9=wap-wsg-idm-ecid-wtls9;10=wap-wsg-idm-ecid-wtls10;11=wap-wsg-idm-ecid-wtls11;12=wap-wsg-idm-ecid-wtls12
2.23.133: 1+tcg-tcpaSpecVersion;2+tcg-attribute|Trusted Computing Group Attributes;3+tcg-protocol|Trusted Computing Group Protocols;4+tcg-algorithm|Trusted Computing Group Algorithms;5+tcg-platformClass|Trusted Computing Group Platform Classes;6+tcg-ce|Trusted Computing Group Certificate Extensions;8+tcg-kp|Trusted Computing Group Key Purposes;11+tcg-ca|Trusted Computing Group Certificate Policies;17+tcg-address|Trusted Computing Group Address Formats;18+tcg-registry|Trusted Computing Group Registry;19+tcg-traits|Trusted Computing Group Traits
2.23.133.2: 1+tcg-at-tpmManufacturer|TPM Manufacturer;2+tcg-at-tpmModel|TPM Model;3+tcg-at-tpmVersion|TPM Version;10+tcg-at-securityQualities|Security Qualities;11+tcg-at-tpmProtectionProfile|TPM Protection Profile;12+tcg-at-tpmSecurityTarget|TPM Security Target;13+tcg-at-tbbProtectionProfile|TBB Protection Profile;14+tcg-at-tbbSecurityTarget|TBB Security Target;15+tcg-at-tpmIdLabel|TPM ID Label;16+tcg-at-tpmSpecification|TPM Specification;17+tcg-at-tcgPlatformSpecification|TPM Platform Specification;18+tcg-at-tpmSecurityAssertions|TPM Security Assertions;19+tcg-at-tbbSecurityAssertions|TBB Security Assertions;23+tcg-at-tcgCredentialSpecification|TCG Credential Specification;25+tcg-at-tcgCredentialType|TCG Credential Type;26+tcg-at-previousPlatformCertificates|TCG Previous Platform Certificates;27+tcg-at-tbbSecurityAssertions-v3|TCG TBB Security Assertions V3;28+tcg-at-cryptographicAnchors|TCG Cryptographic Anchors
2.23.133.3: 1+tcg-prt-tpmIdProtocol|TCG TPM Protocol
2.23.133.4: 1+tcg-algorithm-null|TCG NULL Algorithm
2.23.133.5: 1+tcg-common|Trusted Computing Group Common
2.23.133.5.1: 1+tcg-at-platformManufacturerStr|TCG Platform Manufacturer String;2+tcg-at-platformManufacturerId|TCG Platform Manufacturer ID;3+tcg-at-platformConfigUri|TCG Platform Configuration URI;4+tcg-at-platformModel|TCG Platform Model;5+tcg-at-platformVersion|TCG Platform Version;6+tcg-at-platformSerial|TCG Platform Serial Number;7+tcg-at-platformConfiguration|TCG Platform Configuration;8+tcg-at-platformIdentifier|TCG Platform Identifier
2.23.133.5.1.7: 1+tcg-at-platformConfiguration-v1|Platform Configuration Version 1;2+tcg-at-platformConfiguration-v2|Platform Configuration Version 2;3+tcg-at-platformConfiguration-v3|Platform Configuration Version 3;4+tcg-at-platformConfigUri-v3|Platform Configuration URI Version 3
2.23.133.6: 2+tcg-ce-relevantCredentials|Relevant Credentials;3+tcg-ce-relevantManifests|Relevant Manifests;4+tcg-ce-virtualPlatformAttestationService|Virtual Platform Attestation Service;5+tcg-ce-migrationControllerAttestationService|Migration Controller Attestation Service;6+tcg-ce-migrationControllerRegistrationService|Migration Controller Registration Service;7+tcg-ce-virtualPlatformBackupService|Virtual Platform Backup Service
2.23.133.8: 1+tcg-kp-EKCertificate|Endorsement Key Certificate;2+tcg-kp-PlatformAttributeCertificate|Platform Attribute Certificate;3+tcg-kp-AIKCertificate|Attestation Identity Key Certificate;4+tcg-kp-PlatformKeyCertificate|Platform Key Certificate;5+tcg-kp-DeltaPlatformAttributeCertificate|Delta Platform Attribute Certificate;6+tcg-kp-DeltaPlatformKeyCertificate|Delta Platform Key Certificate;7+tcg-kp-AdditionalPlatformAttributeCertificate|Additional Platform Attribute Certificate;8+tcg-kp-AdditionalPlatformKeyCertificate|Additional Platform Key Certificate
2.23.133.11: 4+tcg-cap-verifiedPlatformCertificate|TCG Verified Platform Certificate CA Policy
2.23.133.17: 1+tcg-address-ethernetmac|Ethernet MAC Address;2+tcg-address-wlanmac|WLAN MAC Address;3+tcg-address-bluetoothmac|Bluetooth MAC Address
2.23.133.18: 3+tcg-registry-componentClass|TCG Component Class
2.23.133.18.3: 1+tcg-registry-componentClass-tcg|Trusted Computed Group Registry;2+tcg-registry-componentClass-ietf|Internet Engineering Task Force Registry;3+tcg-registry-componentClass-dmtf|Distributed Management Task Force Registry;4+tcg-registry-componentClass-pcie|PCIE Component Class;5+tcg-registry-componentClass-disk|Disk Component Class
2.23.133.19: 1+tcg-tr-ID|TCG Trait Identifiers;2+tcg-tr-category|TCG Trait Categories;3+tcg-tr-registry|TCG Trait Registries
2.23.133.19.1: 1+tcg-tr-ID-Boolean|Boolean Trait;2+tcg-tr-ID-CertificateIdentifier|Certificate Identifier Trait;3+tcg-tr-ID-CommonCriteria|Common Criteria Trait;4+tcg-tr-ID-componentClass|Component Class Trait;5+tcg-tr-ID-componentIdentifierV11|Component Identifier V1.1 Trait;6+tcg-tr-ID-FIPSLevel|FIPS Level Trait;7+tcg-tr-ID-ISO9000Level|ISO 9000 Level Trait;8+tcg-tr-ID-networkMAC|Network MAC Trait;9+tcg-tr-ID-OID|Object Identifier Trait;10+tcg-tr-ID-PEN|Private Enterprise Number Trait;11+tcg-tr-ID-platformFirmwareCapabilities|Platform Firmware Capabilities Trait;12+tcg-tr-ID-platformFirmwareSignatureVerification|Platform Firmware Signature Verification Trait;13+tcg-tr-ID-platformFirmwareUpdateCompliance|Platform Firmware Update Compliance Trait;14+tcg-tr-ID-platformHardwareCapabilities|Platform Hardware Capabilities Trait;15+tcg-tr-ID-RTM|Root of Trust for Measurement Trait;16+tcg-tr-ID-status|Attribute Status Trait;17+tcg-tr-ID-URI|Uniform Resource Identifier Trait;18+tcg-tr-ID-UTF8String|UTF8String Trait;19+tcg-tr-ID-IA5String|IA5String Trait;20+tcg-tr-ID-PEMCertString|PEM-Encoded Certificate String Trait;21+tcg-tr-ID-PublicKey|Public Key Trait
2.23.133.19.2: 1+tcg-tr-cat-platformManufacturer|Platform Manufacturer Trait Category;2+tcg-tr-cat-platformModel|Platform Model Trait Category;3+tcg-tr-cat-platformVersion|Platform Version Trait Category;4+tcg-tr-cat-platformSerial|Platform Serial Trait Category;5+tcg-tr-cat-platformManufacturerIdentifier|Platform Manufacturer Identifier Trait Category;6+tcg-tr-cat-platformOwnership|Platform Ownership Trait Category;7+tcg-tr-cat-componentClass|Component Class Trait Category;8+tcg-tr-cat-componentManufacturer|Component Manufacturer Trait Category;9+tcg-tr-cat-componentModel|Component Model Trait Category;10+tcg-tr-cat-componentSerial|Component Serial Trait Category;11+tcg-tr-cat-componentStatus|Component Status Trait Category;12+tcg-tr-cat-componentLocation|Component Location Trait Category;13+tcg-tr-cat-componentRevision|Component Revision Trait Category;14+tcg-tr-cat-componentFieldReplaceable|Component Field Replaceable Trait Category;15+tcg-tr-cat-EKCertificate|EK Certificate Trait Category;16+tcg-tr-cat-IAKCertificate|IAK Certificate Trait Category;17+tcg-tr-cat-IDevIDCertificate|IDevID Certificate Trait Category;18+tcg-tr-cat-DICECertificate|DICE Certificate Trait Category;19+tcg-tr-cat-SPDMCertificate|SPDM Certificate Trait Category;20+tcg-tr-cat-PEMCertificate|PEM Certificate Trait Category;21+tcg-tr-cat-PlatformCertificate|Platform Certificate Trait Category;22+tcg-tr-cat-DeltaPlatformCertificate|Delta Platform Certificate Trait Category;23+tcg-tr-cat-RebasePlatformCertificate|Rebase Platform Certificate Trait Category;24+tcg-tr-cat-genericCertificate|Generic Certificate Trait Category;25+tcg-tr-cat-CommonCriteria|Common Criteria Trait Category;26+tcg-tr-cat-componentIdentifierV11|Component Identifier V1.1 Trait Category;27+tcg-tr-cat-FIPSLevel|FIPS Level Trait Category;28+tcg-tr-cat-ISO9000|ISO 9000 Trait Category;29+tcg-tr-cat-networkMAC|Network MAC Trait Category;30+tcg-tr-cat-attestationProtocol|Attestation Protocol Trait Category;31+tcg-tr-cat-PEN|Private Enterprise Number Trait Category;32+tcg-tr-cat-platformFirmwareCapabilities|Platform Firmware Capabilities Trait Category;33+tcg-tr-cat-platformHardwareCapabilities|Platform Hardware Capabilities Trait Category;34+tcg-tr-cat-platformFirmwareSignatureVerification|Platform Firmware Signature Verification Trait Category;35+tcg-tr-cat-platformFirmwareUpdateCompliance|Platform Firmware Update Compliance Trait Category;36+tcg-tr-cat-RTM|Root of Trust of Measurement Trait Category;37+tcg-tr-cat-PublicKey|Public Key Trait Category
`;

/** Curves by their identifier: bits of the order, and the name that NIST gives it. The short name stands above. */
export const curvesTable: Readonly<Record<string, readonly [bits: number, nist?: string]>> = {
  '1.2.156.10197.1.301': [256],
  '1.2.840.10045.3.0.1': [163],
  '1.2.840.10045.3.0.2': [162],
  '1.2.840.10045.3.0.3': [162],
  '1.2.840.10045.3.0.4': [161],
  '1.2.840.10045.3.0.5': [191],
  '1.2.840.10045.3.0.6': [190],
  '1.2.840.10045.3.0.7': [189],
  '1.2.840.10045.3.0.10': [193],
  '1.2.840.10045.3.0.11': [238],
  '1.2.840.10045.3.0.12': [237],
  '1.2.840.10045.3.0.13': [236],
  '1.2.840.10045.3.0.16': [257],
  '1.2.840.10045.3.0.17': [289],
  '1.2.840.10045.3.0.18': [353],
  '1.2.840.10045.3.0.19': [353],
  '1.2.840.10045.3.0.20': [418],
  '1.2.840.10045.3.1.1': [192, 'P-192'],
  '1.2.840.10045.3.1.2': [192],
  '1.2.840.10045.3.1.3': [192],
  '1.2.840.10045.3.1.4': [239],
  '1.2.840.10045.3.1.5': [239],
  '1.2.840.10045.3.1.6': [239],
  '1.2.840.10045.3.1.7': [256, 'P-256'],
  '1.3.36.3.3.2.8.1.1.1': [160],
  '1.3.36.3.3.2.8.1.1.2': [160],
  '1.3.36.3.3.2.8.1.1.3': [192],
  '1.3.36.3.3.2.8.1.1.4': [192],
  '1.3.36.3.3.2.8.1.1.5': [224],
  '1.3.36.3.3.2.8.1.1.6': [224],
  '1.3.36.3.3.2.8.1.1.7': [256],
  '1.3.36.3.3.2.8.1.1.8': [256],
  '1.3.36.3.3.2.8.1.1.9': [320],
  '1.3.36.3.3.2.8.1.1.10': [320],
  '1.3.36.3.3.2.8.1.1.11': [384],
  '1.3.36.3.3.2.8.1.1.12': [384],
  '1.3.36.3.3.2.8.1.1.13': [512],
  '1.3.36.3.3.2.8.1.1.14': [512],
  '1.3.132.0.1': [163, 'K-163'],
  '1.3.132.0.2': [162],
  '1.3.132.0.3': [238],
  '1.3.132.0.4': [113],
  '1.3.132.0.5': [113],
  '1.3.132.0.6': [112],
  '1.3.132.0.7': [110],
  '1.3.132.0.8': [161],
  '1.3.132.0.9': [161],
  '1.3.132.0.10': [256],
  '1.3.132.0.15': [163, 'B-163'],
  '1.3.132.0.16': [281, 'K-283'],
  '1.3.132.0.17': [282, 'B-283'],
  '1.3.132.0.22': [131],
  '1.3.132.0.23': [131],
  '1.3.132.0.24': [193],
  '1.3.132.0.25': [193],
  '1.3.132.0.26': [232, 'K-233'],
  '1.3.132.0.27': [233, 'B-233'],
  '1.3.132.0.28': [128],
  '1.3.132.0.29': [126],
  '1.3.132.0.30': [161],
  '1.3.132.0.31': [192],
  '1.3.132.0.32': [225],
  '1.3.132.0.33': [224, 'P-224'],
  '1.3.132.0.34': [384, 'P-384'],
  '1.3.132.0.35': [521, 'P-521'],
  '1.3.132.0.36': [407, 'K-409'],
  '1.3.132.0.37': [409, 'B-409'],
  '1.3.132.0.38': [570, 'K-571'],
  '1.3.132.0.39': [570, 'B-571'],
  '2.23.43.1.4.1': [112],
  '2.23.43.1.4.3': [163],
  '2.23.43.1.4.4': [113],
  '2.23.43.1.4.5': [163],
  '2.23.43.1.4.6': [112],
  '2.23.43.1.4.7': [161],
  '2.23.43.1.4.8': [113],
  '2.23.43.1.4.9': [161],
  '2.23.43.1.4.10': [232],
  '2.23.43.1.4.11': [233],
  '2.23.43.1.4.12': [224],
};
