// Command sign makes keys and signs statements and documents: what a newcomer needs to try Surety with keys of their own,
// and the shortest way to make evidence it reads.
//
//	sign -new-key NAME
//	sign -key NAME.pem -type URI -subject NAME=FILE -predicate FILE [-out FILE]
//	sign -key NAME.pem -document FILE -kind ownership|policy [-out FILE]
//
// The first writes NAME.pem, an Ed25519 private key in PKCS #8, and NAME.pub. The second writes a DSSE
// envelope with an in-toto statement about FILE, signed with the key; without -out to standard output.
// The third writes one with an ownership model or a policy, or adds a signature to one that others signed.
// Keys in files are for trying things out: whoever can read the file can sign. No time is signed, so the
// signature is judged at the time of evaluation.
package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "sign:", err)
		os.Exit(1)
	}
}

// run does what the arguments ask for.
func run(args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("sign", flag.ContinueOnError)
	newName := flags.String("new-key", "", "make a key: NAME.pem and NAME.pub")
	key := flags.String("key", "", "sign with the private key in this file")
	predicateType := flags.String("type", "", "the predicate type, a URI")
	subject := flags.String("subject", "", "what the statement is about: NAME=FILE")
	predicate := flags.String("predicate", "", "the file with the predicate, a JSON object")
	document := flags.String("document", "", "the ownership model or policy to sign, or its envelope")
	kind := flags.String("kind", "", "what the document is: ownership or policy")
	out := flags.String("out", "", "where to write the envelope; standard output, if absent")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *newName != "" {
		return newKey(*newName)
	}
	states := *predicateType != "" && *subject != "" && *predicate != ""
	if *key == "" || states == (*document != "") || flags.NArg() > 0 {
		return errors.New("expected -new-key NAME, or -key FILE -type URI -subject NAME=FILE -predicate FILE, or -key FILE -document FILE -kind KIND")
	}
	signer, err := readKey(*key)
	if err != nil {
		return err
	}
	var envelope []byte
	if *document != "" {
		envelope, err = signDocument(*document, *kind, signer)
	} else {
		envelope, err = signStatement(*predicateType, *subject, *predicate, signer)
	}
	if err != nil {
		return err
	}
	if *out != "" {
		return os.WriteFile(*out, envelope, 0o644)
	}
	_, err = stdout.Write(envelope)
	return err
}

// newKey writes a key pair and overwrites nothing.
func newKey(name string) error {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}
	spki, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return err
	}
	if err := writeNew(name+".pem", 0o600, "PRIVATE KEY", pkcs8); err != nil {
		return err
	}
	return writeNew(name+".pub", 0o644, "PUBLIC KEY", spki)
}

func writeNew(path string, mode os.FileMode, blockType string, der []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	return errors.Join(pem.Encode(file, &pem.Block{Type: blockType, Bytes: der}), file.Close())
}

// key is a private key as package dsse signs with it.
type key struct{ private ed25519.PrivateKey }

func readKey(path string) (key, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return key{}, err
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != "PRIVATE KEY" {
		return key{}, fmt.Errorf("%s: expected a PEM block PRIVATE KEY, as -new-key writes it", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return key{}, fmt.Errorf("%s: %w", path, err)
	}
	private, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return key{}, fmt.Errorf("%s: a key of type %T: expected Ed25519", path, parsed)
	}
	return key{private}, nil
}

// Sign implements dsse.Signer.
func (k key) Sign(_ context.Context, data []byte) ([]byte, error) {
	return k.private.Sign(rand.Reader, data, crypto.Hash(0))
}

// KeyID implements dsse.Signer. It is a hint: verifiers find the key by it, and trust nothing because of it.
func (k key) KeyID() (string, error) { return dsse.SHA256KeyID(k.private.Public()) }

// statement is an in-toto statement, version 1.
type statement struct {
	Type          string          `json:"_type"`
	Subject       []subject       `json:"subject"`
	PredicateType string          `json:"predicateType"`
	Predicate     json.RawMessage `json:"predicate"`
}

type subject struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"`
}

// makeStatement makes a statement about a file.
func makeStatement(predicateType, about, predicateFile string) ([]byte, error) {
	at := strings.LastIndexByte(about, '=')
	if at < 0 {
		return nil, fmt.Errorf("-subject %s: expected NAME=FILE", about)
	}
	content, err := os.ReadFile(about[at+1:])
	if err != nil {
		return nil, err
	}
	predicate, err := os.ReadFile(predicateFile)
	if err != nil {
		return nil, err
	}
	if !json.Valid(predicate) || !bytes.HasPrefix(bytes.TrimSpace(predicate), []byte("{")) {
		return nil, fmt.Errorf("%s: expected one JSON object", predicateFile)
	}
	digest := sha256.Sum256(content)
	return json.Marshal(statement{
		Type: "https://in-toto.io/Statement/v1", PredicateType: predicateType, Predicate: predicate,
		Subject: []subject{{Name: about[:at], Digest: map[string]string{"sha256": hex.EncodeToString(digest[:])}}},
	})
}

// signStatement puts a statement about a file into an envelope.
func signStatement(predicateType, about, predicateFile string, signer dsse.Signer) ([]byte, error) {
	statement, err := makeStatement(predicateType, about, predicateFile)
	if err != nil {
		return nil, err
	}
	signing, err := dsse.NewEnvelopeSigner(signer)
	if err != nil {
		return nil, err
	}
	envelope, err := signing.SignPayload(context.Background(), "application/vnd.in-toto+json", statement)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(envelope)
	return append(data, '\n'), err
}
