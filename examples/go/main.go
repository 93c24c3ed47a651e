// Command query asks a recall server for the candidates of one user.
//
// README.md says how the package of the contract is generated.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"strconv"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	recallv1 "example.com/query/gen/recall/v1"
)

// setUser fills the field of the request that fits the user ids of the model.
func setUser(request *recallv1.RecallRequest, user string, kind recallv1.IdKind) error {
	if kind == recallv1.IdKind_ID_KIND_STRING {
		request.User = &recallv1.RecallRequest_StringUserId{StringUserId: user}
		return nil
	}
	id, err := strconv.ParseInt(user, 10, 64)
	// ParseInt also reads "007", which no log of integers holds.
	if err != nil || strconv.FormatInt(id, 10) != user {
		return fmt.Errorf("-user is %q, but the user ids of this model are integers", user)
	}
	request.User = &recallv1.RecallRequest_IntegerUserId{IntegerUserId: id}
	return nil
}

func main() {
	log.SetFlags(0)
	target := flag.String("target", "localhost:50051", "host:port of the server")
	user := flag.String("user", "", "user id, exactly as in the training data")
	topK := flag.Uint("top-k", 20, "how many candidates")
	flag.Parse()
	if *user == "" {
		log.Fatal("query: give a user, as in -user 42")
	}

	connection, err := grpc.NewClient(*target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatalf("query: %v", err)
	}
	defer connection.Close()
	client := recallv1.NewRecallServiceClient(connection)

	// Without a deadline a call to a server that hangs would wait for ever.
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	info, err := client.GetModelInfo(ctx, &recallv1.GetModelInfoRequest{})
	if err != nil {
		fail(*target, err)
	}
	request := &recallv1.RecallRequest{TopK: uint32(*topK)}
	if err := setUser(request, *user, info.GetUserIdKind()); err != nil {
		log.Fatalf("query: %v", err)
	}
	response, err := client.Recall(ctx, request)
	if err != nil {
		fail(*target, err)
	}

	scores := response.GetItems().GetScores()
	ids := response.GetItems().GetItemIds()
	for i, id := range ids.GetIntegerIds() {
		fmt.Printf("%d\t%.4f\n", id, scores[i])
	}
	for i, id := range ids.GetStringIds() {
		fmt.Printf("%s\t%.4f\n", id, scores[i])
	}
}

// fail ends the program with the status of a failed call as one sentence.
func fail(target string, err error) {
	failure := status.Convert(err)
	log.Fatalf("query: the call to %s failed: %s: %s", target, failure.Code(), failure.Message())
}
