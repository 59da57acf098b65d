# planreach in an image that holds nothing else: no shell, no Terraform. It reads
# plan JSON, state JSON, sources and assertion files:
#
#   docker run --rm -v "$PWD:/work" planreach check plan.json
#
# To write files with -o FORMAT=FILE, add --user "$(id -u):$(id -g)".
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /planreach ./cmd/planreach

FROM scratch
COPY --from=build /src/LICENSE /LICENSE
COPY --from=build /planreach /planreach
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/planreach"]
