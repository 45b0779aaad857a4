// Reads the texts that Kubernetes gives a meaning, with a real Kubernetes: a JSON list [sort, text, …] a line in, one
// [input, outcome] a line out.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/duration"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
)

// billionths of a quantity, rounded up as its parser does.
func billionths(text string) string {
	quantity, err := resource.ParseQuantity(text)
	if err != nil {
		return "none"
	}
	number := new(big.Rat)
	if _, isRead := number.SetString(quantity.AsDec().String()); !isRead {
		panic(text)
	}
	return new(big.Rat).Mul(number, big.NewRat(1_000_000_000, 1)).RatString()
}

func selects(text string, set map[string]string) string {
	selector, err := labels.Parse(text)
	if err != nil {
		return "none"
	}
	return fmt.Sprint(selector.Matches(labels.Set(set)))
}

func outcome(input []string) string {
	sort, text := input[0], input[1]
	switch sort {
	case "quantity":
		return billionths(text)
	case "age":
		ms, _ := strconv.ParseInt(text, 10, 64)
		return duration.HumanDuration(time.Duration(ms) * time.Millisecond)
	case "selector":
		return selects(text, map[string]string{"a": "b", "n": "5", "x/y": ""})
	case "dnsLabel":
		return strings.Join(validation.IsDNS1123Label(text), "; ")
	case "dnsSubdomain":
		return strings.Join(validation.IsDNS1123Subdomain(text), "; ")
	case "dns1035Label":
		return strings.Join(validation.IsDNS1035Label(text), "; ")
	case "labelValue":
		return strings.Join(validation.IsValidLabelValue(text), "; ")
	case "qualifiedName":
		return strings.Join(validation.IsQualifiedName(text), "; ")
	case "configKey":
		return strings.Join(validation.IsConfigMapKey(text), "; ")
	}
	return fmt.Sprint(strfmt.Default.Validates(sort, text))
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var input []string
		if err := json.Unmarshal(lines.Bytes(), &input); err != nil {
			panic(err)
		}
		if err := out.Encode([]string{input[0], input[1], outcome(input)}); err != nil {
			panic(err)
		}
	}
}
