// The vectors of project Wycheproof are a module of their own: only tests need them, and they are large.
module github.com/surety-dev/surety/internal/wycheproof

go 1.26.4

require (
	github.com/c2sp/wycheproof v0.0.0-20260902155932-3fa63dd0344a
	github.com/google/go-cmp v0.7.0
	github.com/surety-dev/surety v0.1.0
)

require (
	github.com/go-json-experiment/json v0.0.0-20260820222146-c27c302e5fc3 // indirect
	go.yaml.in/yaml/v3 v3.0.6 // indirect
)

replace github.com/surety-dev/surety => ../..
