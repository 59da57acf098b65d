terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

# Links that pass through module inputs, outputs, locals and for_each keys.

module "network" {
  source = "./network"

  name  = "shop"
  cidr  = "10.8.0.0/16"
  zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
}

locals {
  services = {
    front = { port = 8080, public = true, peers = [] }
    cart  = { port = 8081, public = false, peers = ["front"] }
    stock = { port = 8082, public = false, peers = ["front", "cart"] }
  }
}

module "service" {
  source   = "./service"
  for_each = local.services

  name       = each.key
  vpc_id     = module.network.vpc_id
  subnet_ids = each.value.public ? module.network.public_subnet_ids : module.network.private_subnet_ids
  public     = each.value.public
}

resource "aws_security_group_rule" "peer" {
  for_each = merge([
    for name, s in local.services : { for peer in s.peers : "${peer}-${name}" => { from = peer, to = name, port = s.port } }
  ]...)

  type                     = "ingress"
  security_group_id        = module.service[each.value.to].security_group_id
  source_security_group_id = module.service[each.value.from].security_group_id
  protocol                 = "tcp"
  from_port                = each.value.port
  to_port                  = each.value.port
}

resource "aws_security_group_rule" "public" {
  for_each = { for name, s in local.services : name => s if s.public }

  type              = "ingress"
  security_group_id = module.service[each.key].security_group_id
  protocol          = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  cidr_blocks       = ["0.0.0.0/0"]
}
