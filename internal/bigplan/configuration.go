package bigplan

// configuration is that of the plan: a module call for each module instance.
func (p *plan) configuration() object {
	calls := object{}
	for first := 0; first < p.instances; first += perModule {
		calls[module(first)[len("module."):]] = object{
			"source":      "./modules/network",
			"expressions": object{"region": object{"references": []string{"var.region"}}, "number": object{"constant_value": first}},
			"module":      object{"resources": configResources(), "variables": object{"region": object{}, "number": object{"default": 0}}},
		}
	}
	return object{
		"provider_config": object{"aws": object{"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws"}},
		"root_module": object{
			"module_calls": calls,
			"variables":    object{"region": object{"default": "us-east-1", "description": "where it all is"}},
		},
	}
}

func configResources() []any {
	var out []any
	for _, k := range kinds {
		expressions := object{"tags": object{"references": []string{"local.tags", "count.index"}}, "name": object{"references": []string{"var.name"}}}
		for _, link := range k.links {
			expressions[link] = object{"references": []string{"aws_vpc.this", "aws_subnet.this", "local." + link}}
		}
		out = append(out, object{
			"address": k.typeName + ".this", "mode": "managed", "type": k.typeName, "name": "this", "provider_config_key": "aws",
			"schema_version": 1, "expressions": expressions, "count_expression": object{"references": []string{"var.number"}},
		})
	}
	return out
}
