// Evaluates expressions with the CEL of a real Kubernetes: one JSON text a line in, one [source, outcome] a line out.
// An outcome is a value as text, "refused" where the expression does not compile, "fault" where it fails when run.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"k8s.io/apiserver/pkg/cel/environment"
)

func quote(text string) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		panic(err)
	}
	return strings.TrimSpace(out.String())
}

func double(value float64) string {
	switch {
	case math.IsNaN(value):
		return "NaN"
	case math.IsInf(value, 1):
		return "Infinity"
	case math.IsInf(value, -1):
		return "-Infinity"
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(value, 'e', -1, 64), "e")
	number, _ := strconv.Atoi(exponent)
	return fmt.Sprintf("%se%+d", digits, number)
}

func text(value ref.Val) string {
	switch it := value.(type) {
	case types.Bool:
		return fmt.Sprint(bool(it))
	case types.Int:
		return fmt.Sprint(int64(it))
	case types.Uint:
		return fmt.Sprintf("%du", uint64(it))
	case types.Double:
		return double(float64(it))
	case types.String:
		return quote(string(it))
	case types.Bytes:
		return "b" + base64.StdEncoding.EncodeToString(it)
	case types.Null:
		return "null"
	case types.Timestamp:
		return fmt.Sprintf("timestamp %d.%09d", it.Time.Unix(), it.Time.Nanosecond())
	case types.Duration:
		return fmt.Sprintf("duration %d", int64(it.Duration/time.Nanosecond))
	case *types.Type:
		return "type " + it.TypeName()
	case *types.Optional:
		if it.HasValue() {
			return "some " + text(it.GetValue())
		}
		return "none"
	case traits.Mapper:
		var entries []string
		for keys := it.Iterator(); keys.HasNext() == types.True; {
			key := keys.Next()
			entries = append(entries, text(key)+": "+text(it.Get(key)))
		}
		sort.Strings(entries)
		return "{" + strings.Join(entries, ", ") + "}"
	case traits.Lister:
		var items []string
		for each := it.Iterator(); each.HasNext() == types.True; {
			items = append(items, text(each.Next()))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return value.Type().TypeName()
}

func main() {
	set := environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion(), true)
	env := set.NewExpressionsEnv()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	for lines.Scan() {
		var source string
		if err := json.Unmarshal(lines.Bytes(), &source); err != nil {
			panic(err)
		}
		outcome := "fault"
		if ast, issues := env.Compile(source); issues.Err() != nil {
			outcome = "refused"
		} else if program, err := env.Program(ast); err == nil {
			if value, _, err := program.Eval(map[string]any{}); err == nil {
				outcome = text(value)
			}
		}
		fmt.Printf("[%s, %s]\n", quote(source), quote(outcome))
	}
}
