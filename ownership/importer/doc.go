// Package importer brings ownership data that organisations already have into the one Ownership document
// (design §3.1): CODEOWNERS, Kubernetes OWNERS, Backstage catalogs, gittuf and TUF roots, HR tables.
//
// Import reads sources, joins what they say with the document there is, if any, and gives the document
// with what is new in it. Each new item names the file and line it comes from; what was there stays byte
// for byte, and importing the same again changes nothing. The order of sources does not matter. Each
// format is one file of one shape: a function from a source to facts, and a row in the table of formats.
//
// Joins are on stable ids only: a person is whoever has one of the accounts named, never whoever has a
// name. What disagrees is a finding and never "the last one wins": the document keeps what it says, and
// what two sources say differently is left out, but for the end of somebody's time, of which the earlier
// counts, and its beginning, of which the later counts.
//
// Trust model: the document and the options are governed data. Sources are not: a CODEOWNERS file is
// written by whoever may push to its repository. So a source grants something only for the paths that
// Options.Scopes names; makes a key somebody's only if Options.Holders says so of that very key; adds to
// a team of the document only if the whole team comes from sources of this run; and says by a name only for
// its own directory whom that means: no team that another kind of source makes, now or earlier. An HR table
// speaks for people: it alone brings in people, ends the time of those who had no end, and adds to any team.
// No source changes, loosens or lengthens what the document says: what that limits for somebody, or for a
// team they are or were in, no source gives them without the limit, by their name or by another team's.
// What a source does not date begins at Options.At, not in the past, and nobody has it who is not there then.
//
// What is not checked: signatures. A gittuf or TUF root is read as the text it is, and nobody asks who wrote
// a source. The package reads no clock, file, network or environment, but the document through its fs.FS.
package importer
