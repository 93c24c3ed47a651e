// Command query asks a recall server for the candidates of one user.
//
// README.md says how the package of the contract is generated.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	recallv1 "example.com/query/gen/recall/v1"
)

func main() {
	target := flag.String("target", "localhost:50051", "host:port of the server")
	user := flag.Int64("user", 0, "user id, where the training data had integers")
	topK := flag.Uint("top-k", 20, "candidates to return")
	flag.Parse()

	connection, err := grpc.NewClient(*target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()

	// Without a deadline a call to a server that hangs would wait for ever.
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	response, err := recallv1.NewRecallServiceClient(connection).Recall(ctx, &recallv1.RecallRequest{
		User:        &recallv1.RecallRequest_IntegerUserId{IntegerUserId: *user},
		TopK:        uint32(*topK),
		ExcludeSeen: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	scores := response.GetItems().GetScores()
	for i, id := range response.GetItems().GetItemIds().GetIntegerIds() {
		fmt.Printf("%d\t%.4f\n", id, scores[i])
	}
}
