// What `helm template` prints for a chart, by the engine that Helm is made of: text/template and sprig, as Debian has them.
// Arguments: the chart's folder, and a file of values that are laid over its own.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

type object = map[string]interface{}

func main() {
	chart, overlay := os.Args[1], os.Args[2]
	values := readYaml(filepath.Join(chart, "values.yaml"))
	merge(values, readYaml(overlay))
	about := readYaml(filepath.Join(chart, "Chart.yaml"))

	root := template.New("").Option("missingkey=error")
	functions := sprig.TxtFuncMap()
	functions["toYaml"] = func(value interface{}) string {
		text, err := yaml.Marshal(value)
		check(err)
		return strings.TrimSuffix(string(text), "\n")
	}
	functions["include"] = func(name string, data interface{}) (string, error) {
		var text bytes.Buffer
		err := root.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	root.Funcs(functions)

	files, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	check(err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		check(err)
		template.Must(root.New(filepath.Base(file)).Parse(string(text)))
	}
	data := object{
		"Values":  values,
		"Chart":   object{"Name": about["name"], "Version": about["version"], "AppVersion": about["appVersion"]},
		"Release": object{"Name": "mail", "Namespace": "default", "Service": "Helm"},
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".tpl") {
			continue
		}
		var text bytes.Buffer
		check(root.ExecuteTemplate(&text, filepath.Base(file), data))
		fmt.Printf("---\n# Source: %s\n%s\n", filepath.Base(file), text.String())
	}
}

func merge(values, overlay object) {
	for key, value := range overlay {
		over, isObject := value.(object)
		under, wasObject := values[key].(object)
		if isObject && wasObject {
			merge(under, over)
		} else {
			values[key] = value
		}
	}
}

func readYaml(file string) object {
	text, err := os.ReadFile(file)
	check(err)
	values := object{}
	check(yaml.Unmarshal(text, &values))
	return values
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
