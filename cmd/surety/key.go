package main

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/secure-systems-lab/go-securesystemslib/encrypted"
	"github.com/youmark/pkcs8"

	"github.com/surety-dev/surety/attest/issue"
)

// maxKeyBytes is the most bytes a file with a key, or a passphrase, has.
const maxKeyBytes = 64 << 10

// readSigner reads a private key and makes a signer of it.
func readSigner(path, passphraseFile, scheme string) (issue.Signer, error) {
	data, err := readKeyFile(path)
	if err != nil {
		return issue.Signer{}, err
	}
	passphrase := []byte(nil)
	if passphraseFile != "" {
		if passphrase, err = readPassphrase(passphraseFile); err != nil {
			return issue.Signer{}, err
		}
	}
	key, err := parsePrivateKey(data, passphrase)
	if err != nil {
		return issue.Signer{}, fmt.Errorf("%s: %w", path, err)
	}
	signer, err := issue.NewSigner(key, scheme)
	if err != nil {
		return issue.Signer{}, fmt.Errorf("%s: %w", path, err)
	}
	return signer, nil
}

func readKeyFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxKeyBytes+1))
	if err == nil && len(data) > maxKeyBytes {
		err = fmt.Errorf("%s: more than %d bytes", path, maxKeyBytes)
	}
	return data, err
}

// readPassphrase reads a passphrase in one line, whose end is not part of it.
func readPassphrase(path string) ([]byte, error) {
	data, err := readKeyFile(path)
	if err != nil {
		return nil, err
	}
	data = bytes.TrimSuffix(bytes.TrimSuffix(data, []byte("\n")), []byte("\r"))
	if len(data) == 0 || bytes.ContainsAny(data, "\r\n") {
		return nil, fmt.Errorf("%s: expected a passphrase in one line", path)
	}
	return data, nil
}

// expectedPrivateKey says what a private key may be written as.
const expectedPrivateKey = "expected one PEM block PRIVATE KEY, ENCRYPTED PRIVATE KEY, EC PRIVATE KEY, RSA PRIVATE KEY or ENCRYPTED SIGSTORE PRIVATE KEY"

// parsePrivateKey reads a private key in PEM. The passphrase is nil if there is none.
func parsePrivateKey(data, passphrase []byte) (crypto.Signer, error) {
	block, rest := pem.Decode(data)
	if block != nil && block.Type == "EC PARAMETERS" { // openssl ecparam -genkey writes them before the key, which names its curve too
		block, rest = pem.Decode(rest)
	}
	switch {
	case block == nil:
		return nil, errors.New("not PEM: " + expectedPrivateKey)
	case len(bytes.TrimSpace(rest)) > 0:
		return nil, errors.New("data after the PEM block: " + expectedPrivateKey)
	case block.Headers["DEK-Info"] != "":
		return nil, errors.New("a key encrypted as OpenSSL once did, which does not keep it safe: expected PKCS #8, which openssl pkcs8 -topk8 -in FILE makes of it")
	}
	parse, isEncrypted, known := parserOf(block.Type)
	switch {
	case strings.HasSuffix(block.Type, "PUBLIC KEY") || block.Type == "CERTIFICATE":
		return nil, fmt.Errorf("a PEM block %s, which is public: %s", block.Type, expectedPrivateKey)
	case !known:
		return nil, fmt.Errorf("a PEM block %.40q: %s", block.Type, expectedPrivateKey)
	case isEncrypted && passphrase == nil:
		return nil, errors.New("an encrypted key: expected --passphrase-file FILE")
	case !isEncrypted && passphrase != nil:
		return nil, errors.New("a key that is not encrypted: expected no --passphrase-file")
	}
	key, err := parse(block.Bytes, passphrase)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("a key of type %T, which cannot sign", key)
	}
	return signer, nil
}

// parser reads a private key, with a passphrase if it is encrypted.
type parser func(der, passphrase []byte) (any, error)

// parserOf gives the parser of a PEM block's type.
func parserOf(blockType string) (parse parser, isEncrypted, known bool) {
	switch blockType {
	case "PRIVATE KEY": // RFC 5958
		return func(der, _ []byte) (any, error) { return x509.ParsePKCS8PrivateKey(der) }, false, true
	case "EC PRIVATE KEY": // RFC 5915
		return func(der, _ []byte) (any, error) { return x509.ParseECPrivateKey(der) }, false, true
	case "RSA PRIVATE KEY": // RFC 8017
		return func(der, _ []byte) (any, error) { return x509.ParsePKCS1PrivateKey(der) }, false, true
	case "ENCRYPTED PRIVATE KEY":
		return decryptPKCS8, true, true
	case "ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY":
		return decryptCosign, true, true
	}
	return nil, false, false
}

// decryptPKCS8 reads an encrypted PKCS #8 key (RFC 5958, RFC 8018: PBES2). Its reader panics on some that are
// malformed.
func decryptPKCS8(der, passphrase []byte) (key any, err error) {
	defer func() {
		if recover() != nil {
			key, err = nil, errors.New("an encrypted key that is malformed")
		}
	}()
	key, _, err = pkcs8.ParsePrivateKey(der, passphrase)
	if err != nil {
		return nil, fmt.Errorf("the key cannot be read with that passphrase (%s)", strings.TrimPrefix(err.Error(), "pkcs8: "))
	}
	return key, nil
}

// decryptCosign reads a key as cosign keeps it: PKCS #8 inside what go-securesystemslib encrypts.
func decryptCosign(data, passphrase []byte) (any, error) {
	der, err := encrypted.Decrypt(data, passphrase)
	if err != nil {
		return nil, fmt.Errorf("the key cannot be read with that passphrase (%s)", strings.TrimPrefix(err.Error(), "encrypted: "))
	}
	return x509.ParsePKCS8PrivateKey(der)
}
